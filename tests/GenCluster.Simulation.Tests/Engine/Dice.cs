namespace GenCluster.Simulation.Tests.Engine;

/// <summary>
/// The random numbers of one place of a simulation: a function of the seed and the place's name, so that what happens
/// elsewhere does not change them.
/// </summary>
internal sealed class Dice(ulong seed, string place)
{
    private readonly ulong key = StableHash.Mix(seed, StableHash.Of(place));
    private ulong count;

    public ulong Next() => StableHash.Mix(key, count++);

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public int Between(int first, int last) => first + Below(last - first + 1);

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    public TimeSpan Milliseconds(double first, double last) => TimeSpan.FromMilliseconds(first + (Unit() * (last - first)));

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }
}
