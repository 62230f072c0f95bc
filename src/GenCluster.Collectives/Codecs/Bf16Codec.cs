using System.Numerics;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// The upper 16 bits of each float, rounded to nearest even. Infinities and NaN stay what they are; what is nearer to 2^128
/// than to the largest bf16 becomes infinite, as the rounding of IEEE 754 has it.
/// </summary>
internal sealed class Bf16Codec : BlockCodec
{
    private const uint Magnitude = 0x7fff_ffff, Infinity = 0x7f80_0000;
    private const uint Quiet = 0x40; // a NaN whose payload lay in the lower half must not become an infinity

    public override string ToString() => "bf16";

    protected override int BlockBytes(int elements) => Padded(elements * sizeof(ushort));

    protected override void EncodeBlock(ReadOnlySpan<float> block, Span<byte> encoded)
    {
        var bits = MemoryMarshal.Cast<float, uint>(block);
        var codes = MemoryMarshal.Cast<byte, ushort>(encoded);
        var i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Narrow(Rounded(new Vector<uint>(bits[i..])), Rounded(new Vector<uint>(bits[(i + Vector<uint>.Count)..]))).CopyTo(codes[i..]);
        }

        for (; i < bits.Length; i++)
        {
            codes[i] = Rounded(bits[i]);
        }

        codes[bits.Length..].Clear();
    }

    protected override void DecodeBlock(ReadOnlySpan<byte> encoded, Span<float> block)
    {
        var codes = MemoryMarshal.Cast<byte, ushort>(encoded);
        var bits = MemoryMarshal.Cast<float, uint>(block);
        var i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(codes[i..]), out var low, out var high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < bits.Length; i++)
        {
            bits[i] = (uint)codes[i] << 16;
        }
    }

    private static ushort Rounded(uint bits) => (bits & Magnitude) > Infinity
        ? (ushort)((bits >> 16) | Quiet)
        : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);

    private static Vector<uint> Rounded(Vector<uint> bits)
    {
        var upper = bits >> 16;
        return Vector.ConditionalSelect(
            Vector.GreaterThan(bits & Vector.Create(Magnitude), Vector.Create(Infinity)),
            upper | Vector.Create(Quiet),
            (bits + Vector.Create(0x7fffu) + (upper & Vector<uint>.One)) >> 16);
    }
}
