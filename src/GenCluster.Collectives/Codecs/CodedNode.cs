using System.Numerics;
using System.Runtime.InteropServices;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// A node of the summation tree as a code sees it. What the code leaves out is not lost: it waits in the node's residual and
/// is added to the node's next vector (error feedback: Seide et al. 2014, section 3; Karimireddy et al. 2019, algorithm 2), so
/// over many steps the sums are those without a code, up to one residual for each node.
/// </summary>
public static class CodedNode
{
    /// <summary>
    /// <paramref name="vector"/> becomes decode(encode(vector + residual)), and <paramref name="residual"/> becomes what is
    /// missing. What is missing from values that are not finite is forgotten.
    /// </summary>
    /// <param name="encoded">Receives the code, for who needs the same vector elsewhere.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Encode(ICodec codec, Span<float> vector, Span<float> residual, Span<byte> encoded)
    {
        Check(codec, vector, residual);
        codec.CheckLengths(vector.Length, encoded.Length);
        if (codec.IsExact)
        {
            codec.Encode(vector, encoded);
            return;
        }

        for (var start = 0; start < vector.Length; start += Codec.BlockElements)
        {
            var length = Math.Min(Codec.BlockElements, vector.Length - start);
            var code = encoded[codec.EncodedBytes(start)..codec.EncodedBytes(start + length)];
            EncodeBlock(codec, vector.Slice(start, length), residual.Slice(start, length), code);
        }
    }

    /// <summary>The same for a node whose code nobody needs.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Round(ICodec codec, Span<float> vector, Span<float> residual)
    {
        Check(codec, vector, residual);
        if (codec.IsExact)
        {
            return;
        }

        Span<byte> code = stackalloc byte[Codec.BlockElements * sizeof(float)]; // no code is longer than what it stands for
        for (var start = 0; start < vector.Length; start += Codec.BlockElements)
        {
            var length = Math.Min(Codec.BlockElements, vector.Length - start);
            EncodeBlock(codec, vector.Slice(start, length), residual.Slice(start, length), code[..codec.EncodedBytes(length)]);
        }
    }

    private static void EncodeBlock(ICodec codec, Span<float> vector, Span<float> residual, Span<byte> code)
    {
        VectorSum.Add(residual, vector, residual);
        codec.Encode(residual, code);
        codec.Decode(code, vector);
        Subtract(residual, vector);
    }

    /// <summary>residual -= vector, with 0 in place of what is not finite and of the negative zero, which a copy by addition would lose.</summary>
    private static void Subtract(Span<float> residual, ReadOnlySpan<float> vector)
    {
        ref var left = ref MemoryMarshal.GetReference(residual);
        ref var right = ref MemoryMarshal.GetReference(vector);
        var i = 0;
        for (; i <= residual.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var missing = Vector.LoadUnsafe(ref left, (nuint)i) - Vector.LoadUnsafe(ref right, (nuint)i);
            var isFinite = Vector.LessThanOrEqual(Vector.Abs(missing), Vector.Create(float.MaxValue));
            (Vector.ConditionalSelect(isFinite, missing, Vector<float>.Zero) + Vector<float>.Zero).StoreUnsafe(ref left, (nuint)i);
        }

        for (; i < residual.Length; i++)
        {
            var missing = residual[i] - vector[i];
            residual[i] = float.IsFinite(missing) ? missing + 0f : 0f;
        }
    }

    private static void Check(ICodec codec, ReadOnlySpan<float> vector, ReadOnlySpan<float> residual)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (!codec.IsExact && residual.Length != vector.Length)
        {
            throw new ArgumentException($"a vector of {vector.Length} elements has a residual of {residual.Length}; the two lengths must be equal");
        }
    }
}
