namespace GenCluster.Collectives.Gangs;

/// <summary>
/// Who kept whom waiting, summed over a gang's collectives. A member takes the time when its vector is complete, before it
/// waits for anybody, and that stamp travels with its data. Safe to read from any thread.
/// </summary>
public sealed class GangWaits
{
    private readonly long[] late; // nanoseconds, by member
    private long waited;
    private long collectives;

    internal GangWaits(int members) => late = new long[members];

    /// <summary>How many collectives are counted.</summary>
    public long Collectives => Interlocked.Read(ref collectives);

    /// <summary>For how long this member's vectors were complete before the last of the other members' were.</summary>
    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref waited) / 100);

    /// <summary>How much later than the first member's the vectors of <paramref name="member"/> were complete.</summary>
    public TimeSpan LatenessOf(int member) => TimeSpan.FromTicks(Interlocked.Read(ref late[member]) / 100);

    /// <summary>Counts one collective.</summary>
    /// <param name="readyAt">By member, on one clock; 0 where it is not known.</param>
    internal void Count(ReadOnlySpan<long> readyAt, int member)
    {
        var (first, last) = (long.MaxValue, 0L);
        foreach (var at in readyAt)
        {
            first = at == 0 ? first : Math.Min(first, at);
            last = Math.Max(last, at);
        }

        for (var m = 0; m < readyAt.Length; m++)
        {
            Interlocked.Add(ref late[m], readyAt[m] == 0 ? 0 : readyAt[m] - first);
        }

        Interlocked.Add(ref waited, last - readyAt[member]);
        Interlocked.Increment(ref collectives);
    }
}
