using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Gangs;

/// <summary>Counts of a worker's data plane since its start. Safe to read at any time.</summary>
public sealed class GangCounters
{
    private readonly long[] refused = new long[Enum.GetValues<HelloRefusal>().Max(reason => (int)reason) + 1];
    private readonly long[] broken = new long[Enum.GetValues<GangBreak>().Length];
    private readonly long[] unjoined = new long[Enum.GetValues<GangBreak>().Length];
    private long accepted;
    private long bytesSent;
    private long bytesReceived;
    private long bytesShared;
    private long collectives;
    private long connections;

    /// <summary>Connections that were let into a gang.</summary>
    public long Accepted => Interlocked.Read(ref accepted);

    /// <summary>Bytes sent in all-reduces, headers included.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    /// <summary>Bytes received in all-reduces, headers included.</summary>
    public long BytesReceived => Interlocked.Read(ref bytesReceived);

    /// <summary>Bytes of other members' partials that were read in shared memory.</summary>
    public long BytesShared => Interlocked.Read(ref bytesShared);

    /// <summary>Buckets that were reduced.</summary>
    public long Collectives => Interlocked.Read(ref collectives);

    /// <summary>Gangs that broke, other than by an abort or dispose in this process.</summary>
    public long Broken => Enum.GetValues<GangBreak>().Sum(BrokenBy);

    /// <summary>Connections between members that are open.</summary>
    public long Connections => Interlocked.Read(ref connections);

    /// <summary>Gangs that broke for <paramref name="reason"/>.</summary>
    public long BrokenBy(GangBreak reason) => Interlocked.Read(ref broken[(int)reason]);

    /// <summary>Gangs that did not come about for <paramref name="reason"/>.</summary>
    public long UnjoinedBy(GangBreak reason) => Interlocked.Read(ref unjoined[(int)reason]);

    /// <summary>Connections that were refused for <paramref name="reason"/>.</summary>
    public long Refused(HelloRefusal reason) => Interlocked.Read(ref refused[(int)reason]);

    internal void CountRefusal(HelloRefusal reason) => Interlocked.Increment(ref refused[(int)reason]);

    internal void CountAccepted() => Interlocked.Increment(ref accepted);

    internal void CountSent(int bytes) => Interlocked.Add(ref bytesSent, bytes);

    internal void CountReceived(int bytes) => Interlocked.Add(ref bytesReceived, bytes);

    internal void CountCollective(long shared)
    {
        Interlocked.Increment(ref collectives);
        Interlocked.Add(ref bytesShared, shared);
    }

    internal void CountBroken(GangBreak reason) => Interlocked.Increment(ref broken[(int)reason]);

    internal void CountUnjoined(GangBreak reason) => Interlocked.Increment(ref unjoined[(int)reason]);

    internal void CountConnections(int more) => Interlocked.Add(ref connections, more);
}
