using System.Globalization;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// The elements of the largest magnitude of each block; the others decode to 0. Of equal magnitudes the first are kept; a
/// NaN is larger than anything. A block's values come first, in their order, then the 16-bit places in the block.
/// </summary>
internal sealed class TopKCodec(double ratio) : BlockCodec
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"top-k {ratio:R}");

    /// <summary>How many elements of a block are kept.</summary>
    private int Kept(int elements) => Math.Min(elements, Math.Max(1, (int)Math.Round(ratio * elements, MidpointRounding.ToEven)));

    protected override int BlockBytes(int elements) => (Kept(elements) * sizeof(float)) + Padded(Kept(elements) * sizeof(ushort));

    protected override void EncodeBlock(ReadOnlySpan<float> block, Span<byte> encoded)
    {
        var kept = Kept(block.Length);
        var values = MemoryMarshal.Cast<byte, float>(encoded)[..kept];
        var places = MemoryMarshal.Cast<byte, ushort>(encoded[(kept * sizeof(float))..]);
        LargestMagnitudes.Select(block, values, places[..kept]);
        places[kept..].Clear();
    }

    protected override void DecodeBlock(ReadOnlySpan<byte> encoded, Span<float> block)
    {
        var kept = Kept(block.Length);
        var values = MemoryMarshal.Cast<byte, float>(encoded)[..kept];
        var places = MemoryMarshal.Cast<byte, ushort>(encoded[(kept * sizeof(float))..])[..kept];
        block.Clear();
        var next = 0;
        for (var i = 0; i < kept; i++)
        {
            var place = places[i];
            if (place < next || place >= block.Length)
            {
                throw new InvalidDataException($"a top-k code names place {place} after {next - 1} in a block of {block.Length} elements; places rise and lie within it");
            }

            block[place] = values[i];
            next = place + 1;
        }
    }
}
