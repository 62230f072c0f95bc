using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Codecs;

/// <summary>No code at all.</summary>
internal sealed class PlainCodec : BlockCodec
{
    public override bool IsExact => true;

    public override string ToString() => "none";

    protected override int BlockBytes(int elements) => elements * sizeof(float);

    protected override void EncodeBlock(ReadOnlySpan<float> block, Span<byte> encoded) => MemoryMarshal.AsBytes(block).CopyTo(encoded);

    protected override void DecodeBlock(ReadOnlySpan<byte> encoded, Span<float> block) => encoded.CopyTo(MemoryMarshal.AsBytes(block));
}
