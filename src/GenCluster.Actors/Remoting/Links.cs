using GenCluster.Actors.Dispatching;

namespace GenCluster.Actors.Remoting;

/// <summary>What connections between nodes have in common, whoever is at their ends.</summary>
internal static class Links
{
    /// <summary>Goes into <c>akka.remote</c>.</summary>
    /// <remarks>
    /// Heartbeats must not queue behind work: by default these dispatchers share the process's thread pool. A connection over which
    /// nothing comes is closed, whatever still goes out, and the next message opens another: a network may lose one direction of
    /// one connection for good. That takes longer than a worker's lease, so it blames nobody whom the lease would not.
    /// </remarks>
    public static string Settings { get; } = $$"""
        retry-gate-closed-for = 1s
        transport-failure-detector { heartbeat-interval = 4s, acceptable-heartbeat-pause = 5s }
        default-remote-dispatcher { {{OwnThreads.For(2)}} }
        backoff-remote-dispatcher { {{OwnThreads.For(1)}} }
        """;
}
