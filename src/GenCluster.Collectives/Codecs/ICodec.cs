namespace GenCluster.Collectives.Codecs;

/// <summary>
/// A lossy code for vectors of gradients. The length of a code follows from the number of elements alone, so both ends of a
/// wire know it; the same elements give the same bytes on every machine. Vectors are encoded in blocks of
/// <see cref="Codec.BlockElements"/> that do not know of each other: the code of a vector is that of its blocks, one after
/// the other. Implementations hold no state and allocate nothing.
/// </summary>
public interface ICodec
{
    /// <summary>Whether decoding gives back what was encoded, bit for bit.</summary>
    bool IsExact { get; }

    /// <summary>The length of the code of so many elements, a multiple of 4.</summary>
    int EncodedBytes(int elements);

    /// <summary>Writes the code of <paramref name="vector"/>.</summary>
    /// <param name="encoded">Exactly <see cref="EncodedBytes"/> of the vector's length.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    void Encode(ReadOnlySpan<float> vector, Span<byte> encoded);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="vector">As long as the one that was encoded.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="InvalidDataException">No vector has this code.</exception>
    void Decode(ReadOnlySpan<byte> encoded, Span<float> vector);
}
