namespace GenCluster.Core.Randomness;

/// <summary>What a stream of random numbers is for. Part of its address: never renumber.</summary>
public enum StreamPurpose : byte
{
    Initialization = 0,
    Training = 1,
    Dropout = 2,
    DataOrder = 3,
    Evaluation = 4,
    Search = 5,
    Samples = 6,
}

/// <summary>
/// Which stream: purpose, step, phase and shard. Two different addresses never share a number, because each is a
/// different part of the generator's counter.
/// </summary>
public readonly record struct StreamAddress(StreamPurpose Purpose, uint Step = 0, byte Phase = 0, ushort Shard = 0);

/// <summary>
/// An endless stream of random numbers that is a pure function of a seed and an address (see <see cref="Philox"/>).
/// The same seed and address give the same numbers in any process, on any worker, in any order of asking.
/// Not safe for concurrent use; make one where one is needed.
/// </summary>
public sealed class RandomStream(ulong seed, StreamAddress address)
{
    private readonly uint place = address.Shard | (uint)address.Phase << 16 | (uint)address.Purpose << 24;
    private ulong block;
    private UInt32x4 words;
    private int used = 4;

    public uint NextUInt32()
    {
        if (used == 4)
        {
            words = Philox.Block(seed, new UInt32x4((uint)block, address.Step, place, (uint)(block >> 32)));
            block++;
            used = 0;
        }

        return used++ switch { 0 => words.X0, 1 => words.X1, 2 => words.X2, _ => words.X3 };
    }

    public ulong NextUInt64() => NextUInt32() | (ulong)NextUInt32() << 32;

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, <paramref name="bound"/>), without bias (Lemire 2019, by rejection).</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong product = (ulong)NextUInt32() * (uint)bound;
        uint threshold = (uint)-bound % (uint)bound;
        while ((uint)product < threshold)
            product = (ulong)NextUInt32() * (uint)bound;
        return (int)(product >> 32);
    }

    /// <summary>Fills with numbers uniform in [0, 1).</summary>
    public void FillUniform(Span<float> destination)
    {
        foreach (ref float value in destination)
            value = (NextUInt32() >> 8) * (1f / (1 << 24));
    }

    /// <summary>Fills with standard normal numbers (Box and Muller 1958).</summary>
    public void FillNormal(Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += 2)
        {
            // 1 - u is in (0, 1]: the logarithm is finite.
            float radius = MathF.Sqrt(-2f * MathF.Log(1f - (NextUInt32() >> 8) * (1f / (1 << 24))));
            var (sin, cos) = MathF.SinCos(2f * MathF.PI * ((NextUInt32() >> 8) * (1f / (1 << 24))));
            destination[i] = radius * cos;
            if (i + 1 < destination.Length)
                destination[i + 1] = radius * sin;
        }
    }
}
