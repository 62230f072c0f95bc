namespace GenCluster.Collectives.Codecs;

/// <summary>What all codecs share: a vector is cut into blocks, and each block has a code of its own.</summary>
internal abstract class BlockCodec : ICodec
{
    public virtual bool IsExact => false;

    public int EncodedBytes(int elements)
    {
        var (blocks, rest) = Math.DivRem(elements, Codec.BlockElements);
        return (blocks * BlockBytes(Codec.BlockElements)) + (rest == 0 ? 0 : BlockBytes(rest));
    }

    public void Encode(ReadOnlySpan<float> vector, Span<byte> encoded)
    {
        this.CheckLengths(vector.Length, encoded.Length);
        while (!vector.IsEmpty)
        {
            var block = vector[..Math.Min(vector.Length, Codec.BlockElements)];
            var code = encoded[..BlockBytes(block.Length)];
            EncodeBlock(block, code);
            vector = vector[block.Length..];
            encoded = encoded[code.Length..];
        }
    }

    public void Decode(ReadOnlySpan<byte> encoded, Span<float> vector)
    {
        this.CheckLengths(vector.Length, encoded.Length);
        while (!vector.IsEmpty)
        {
            var block = vector[..Math.Min(vector.Length, Codec.BlockElements)];
            var code = encoded[..BlockBytes(block.Length)];
            DecodeBlock(code, block);
            vector = vector[block.Length..];
            encoded = encoded[code.Length..];
        }
    }

    /// <summary>The length of the code of a block, a multiple of 4.</summary>
    protected abstract int BlockBytes(int elements);

    protected abstract void EncodeBlock(ReadOnlySpan<float> block, Span<byte> encoded);

    protected abstract void DecodeBlock(ReadOnlySpan<byte> encoded, Span<float> block);

    protected static int Padded(int bytes) => (bytes + 3) & ~3;
}
