using System.Numerics;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// Each element as a multiple from -127 to 127 of a scale that <see cref="GroupElements"/> neighbours share, rounded to nearest
/// even. A block's scales come first, then its bytes. A group with an element that is not finite decodes to NaN
/// altogether: what went wrong must be seen, not hidden.
/// </summary>
internal sealed class Int8Codec : BlockCodec
{
    public const int GroupElements = 256;

    private const int Largest = 127;
    private const int Magnitude = 0x7fff_ffff, Infinity = 0x7f80_0000;

    public override string ToString() => "int8";

    private static int Groups(int elements) => (elements + GroupElements - 1) / GroupElements;

    protected override int BlockBytes(int elements) => (Groups(elements) * sizeof(float)) + Padded(elements);

    protected override void EncodeBlock(ReadOnlySpan<float> block, Span<byte> encoded)
    {
        var scales = MemoryMarshal.Cast<byte, float>(encoded)[..Groups(block.Length)];
        var codes = MemoryMarshal.Cast<byte, sbyte>(encoded[(scales.Length * sizeof(float))..]);
        codes[block.Length..].Clear();
        for (var group = 0; group < scales.Length; group++)
        {
            var start = group * GroupElements;
            var values = block[start..Math.Min(start + GroupElements, block.Length)];
            scales[group] = ScaleOf(values);
            Quantize(values, scales[group], codes.Slice(start, values.Length));
        }
    }

    protected override void DecodeBlock(ReadOnlySpan<byte> encoded, Span<float> block)
    {
        var scales = MemoryMarshal.Cast<byte, float>(encoded)[..Groups(block.Length)];
        var codes = MemoryMarshal.Cast<byte, sbyte>(encoded[(scales.Length * sizeof(float))..]);
        for (var group = 0; group < scales.Length; group++)
        {
            var start = group * GroupElements;
            var values = block[start..Math.Min(start + GroupElements, block.Length)];
            Scale(codes.Slice(start, values.Length), scales[group], values);
        }
    }

    /// <summary>The largest magnitude over 127; NaN where one is not finite. Magnitudes of floats are ordered as their bits are.</summary>
    private static float ScaleOf(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, int>(values);
        var largest = Vector<int>.Zero;
        var i = 0;
        for (; i <= bits.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            largest = Vector.Max(largest, new Vector<int>(bits[i..]) & Vector.Create(Magnitude));
        }

        var most = 0;
        for (var lane = 0; lane < Vector<int>.Count; lane++)
        {
            most = Math.Max(most, largest[lane]);
        }

        for (; i < bits.Length; i++)
        {
            most = Math.Max(most, bits[i] & Magnitude);
        }

        return most >= Infinity ? float.NaN : BitConverter.Int32BitsToSingle(most) / Largest;
    }

    private static void Quantize(ReadOnlySpan<float> values, float scale, Span<sbyte> codes)
    {
        // A scale of 0: the values are 0, or so small that a 127th of them is.
        if (scale == 0 || float.IsNaN(scale))
        {
            codes.Clear();
            return;
        }

        var i = 0;
        for (; i <= values.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            var low = Vector.Narrow(Multiples(values[i..], 0, scale), Multiples(values[i..], 1, scale));
            var high = Vector.Narrow(Multiples(values[i..], 2, scale), Multiples(values[i..], 3, scale));
            Vector.Narrow(low, high).CopyTo(codes[i..]);
        }

        for (; i < values.Length; i++)
        {
            codes[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scale), -Largest, Largest);
        }
    }

    /// <remarks>Among denormals a scale is so coarse that a multiple may exceed 127.</remarks>
    private static Vector<int> Multiples(ReadOnlySpan<float> values, int part, float scale)
    {
        var multiples = Vector.Round(new Vector<float>(values[(part * Vector<float>.Count)..]) / Vector.Create(scale));
        return Vector.ConvertToInt32(Vector.Min(Vector.Max(multiples, Vector.Create((float)-Largest)), Vector.Create((float)Largest)));
    }

    private static void Scale(ReadOnlySpan<sbyte> codes, float scale, Span<float> values)
    {
        var i = 0;
        for (; i <= codes.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(codes[i..]), out var low, out var high);
            Scale(low, scale, values[i..]);
            Scale(high, scale, values[(i + Vector<short>.Count)..]);
        }

        for (; i < codes.Length; i++)
        {
            values[i] = codes[i] * scale;
        }
    }

    private static void Scale(Vector<short> codes, float scale, Span<float> values)
    {
        Vector.Widen(codes, out var low, out var high);
        (Vector.ConvertToSingle(low) * scale).CopyTo(values);
        (Vector.ConvertToSingle(high) * scale).CopyTo(values[Vector<float>.Count..]);
    }
}
