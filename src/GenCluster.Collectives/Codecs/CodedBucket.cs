using System.Runtime.InteropServices;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// A bucket whose partials and sum lie in their slots as codes, as words of 4 bytes from the bucket's start on. Blocks stay
/// together, so a slice of words is the code of a slice of elements.
/// </summary>
internal readonly struct CodedBucket(Coding coding, int phase, int bucket)
{
    private readonly Bucket place = coding.Residuals.Layout.Phases[phase][bucket];

    /// <summary>Words of a block.</summary>
    public int Grain => coding.Codec.EncodedBytes(Codec.BlockElements) / sizeof(float);

    /// <summary>Where the code lies in a slot.</summary>
    public Bucket Words => new(place.Start, coding.Codec.EncodedBytes(place.Length) / sizeof(float));

    /// <summary>A node that nobody needs the code of.</summary>
    public void Round(TreeNode node, Span<float> vector) => CodedNode.Round(coding.Codec, vector, Residual(node));

    /// <summary>Puts a vector's code in the vector's place. No code is longer than its elements, so a block never runs over the next one.</summary>
    public void EncodeInPlace(TreeNode node, Span<float> vector)
    {
        var residual = Residual(node);
        Span<byte> scratch = stackalloc byte[Codec.BlockElements * sizeof(float)];
        for (var block = 0; block * Codec.BlockElements < vector.Length; block++)
        {
            var (start, length) = ElementsOf(block);
            var code = scratch[..coding.Codec.EncodedBytes(length)];
            CodedNode.Encode(coding.Codec, vector.Slice(start, length), residual.Slice(start, length), code);
            code.CopyTo(MemoryMarshal.AsBytes(vector)[(block * Grain * sizeof(float))..]);
        }
    }

    /// <summary>The way back, in the slot that has the sum; from the last block on, for the elements take more room.</summary>
    public void DecodeInPlace(Span<float> slot)
    {
        var vector = slot.Slice(place.Start, place.Length);
        Span<byte> scratch = stackalloc byte[Codec.BlockElements * sizeof(float)];
        for (var block = (place.Length - 1) / Codec.BlockElements; block >= 0; block--)
        {
            var (start, length) = ElementsOf(block);
            var code = scratch[..coding.Codec.EncodedBytes(length)];
            MemoryMarshal.AsBytes(vector).Slice(block * Grain * sizeof(float), code.Length).CopyTo(code);
            coding.Codec.Decode(code, vector.Slice(start, length));
        }
    }

    /// <summary>One node over one block: the codes of its children give its own.</summary>
    /// <param name="word">Where in the slot the block's code starts.</param>
    /// <param name="into">May be one of the children.</param>
    public void Add(TreeNode node, int word, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> into)
    {
        var (start, length) = ElementsOf((word - place.Start) / Grain);
        var sum = coding.Scratch.Left.AsSpan(0, length);
        var other = coding.Scratch.Right.AsSpan(0, length);
        coding.Codec.Decode(MemoryMarshal.AsBytes(left), sum);
        coding.Codec.Decode(MemoryMarshal.AsBytes(right), other);
        VectorSum.Add(sum, other, sum);
        CodedNode.Encode(coding.Codec, sum, Residual(node).Slice(start, length), MemoryMarshal.AsBytes(into));
    }

    private Span<float> Residual(TreeNode node) => coding.Residuals.Of(phase, bucket, node);

    private (int Start, int Length) ElementsOf(int block)
    {
        var start = block * Codec.BlockElements;
        return (start, Math.Min(Codec.BlockElements, place.Length - start));
    }
}
