namespace GenCluster.Search.Sampling.Sobol;

/// <summary>How the points of a Sobol sequence are made random without losing their even spread.</summary>
internal static class Scramble
{
    /// <summary>
    /// Owen's nested uniform scrambling (1995): whether a bit is flipped is a hash of all bits above it. The hash is that of
    /// Laine and Karras (2011) with the constants of Vegdahl (2021), on reversed bits, where "above" is "below" and a
    /// multiplication or an addition carries the right way.
    /// </summary>
    public static uint Owen(uint x, uint key)
    {
        x = Reversed(x);
        x ^= x * 0x3d20adea;
        x += key;
        x *= key >> 16 | 1;
        x ^= x * 0x05526c56;
        x ^= x * 0x53a22864;
        return Reversed(x);
    }

    /// <summary>A digital shift: the same bits are flipped in all points.</summary>
    public static uint Shift(uint x, uint key) => x ^ key;

    private static uint Reversed(uint x)
    {
        x = (x & 0x55555555) << 1 | x >> 1 & 0x55555555;
        x = (x & 0x33333333) << 2 | x >> 2 & 0x33333333;
        x = (x & 0x0f0f0f0f) << 4 | x >> 4 & 0x0f0f0f0f;
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(x);
    }
}
