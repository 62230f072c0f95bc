namespace GenCluster.Collectives.Codecs;

/// <summary>All codecs there are.</summary>
public static class Codec
{
    /// <summary>Elements that are encoded together. A slice of a vector that starts on a block is a slice of its code.</summary>
    public const int BlockElements = 4096;

    /// <summary>The elements as they are.</summary>
    public static ICodec None { get; } = new PlainCodec();

    /// <summary>The upper half of each float, rounded to nearest even: 2 times smaller, a relative error of at most 2^-8.</summary>
    public static ICodec Bf16 { get; } = new Bf16Codec();

    /// <summary>One byte for each element and a scale for each 256 of them: 3.94 times smaller, an error of at most half a scale.</summary>
    public static ICodec Int8 { get; } = new Int8Codec();

    /// <summary>The elements of the largest magnitude of each block, with their places: 6 bytes for each one kept.</summary>
    /// <param name="ratio">The part that is kept, above 0 and at most 0.5; at least one element of each block is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is none of these.</exception>
    public static ICodec TopK(double ratio) => ratio is > 0 and <= 0.5
        ? new TopKCodec(ratio)
        : throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "top-k keeps a part above 0 and at most 0.5 of the elements");

    internal static void CheckLengths(this ICodec codec, int elements, int bytes)
    {
        if (bytes != codec.EncodedBytes(elements))
        {
            throw new ArgumentException($"the code of {elements} elements by {codec} has {codec.EncodedBytes(elements)} bytes, not {bytes}");
        }
    }
}
