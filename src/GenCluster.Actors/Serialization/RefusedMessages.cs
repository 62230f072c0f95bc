using System.Diagnostics.Metrics;

namespace GenCluster.Actors.Serialization;

/// <summary>Messages from other processes that no actor ever saw, because they were forged, malformed or too large.</summary>
public static class RefusedMessages
{
    private static readonly Meter Meter = new("GenCluster.Actors");
    private static readonly Counter<long> Counter = Meter.CreateCounter<long>("gencluster_wire_messages_refused_total");
    private static long total;

    /// <summary>Since the process began.</summary>
    public static long Total => Interlocked.Read(ref total);

    internal static void Count()
    {
        Interlocked.Increment(ref total);
        Counter.Add(1);
    }
}
