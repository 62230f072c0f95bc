using System.Net;

namespace GenCluster.Server;

/// <summary>How a coordinator is hosted.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>The SQLite file that holds the journal.</summary>
    public required string Journal { get; init; }

    /// <summary>The address to listen on for workers.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Workers that are known to be on their way: placement waits for them, at most <see cref="SettleTime"/>, so that
    /// the first one does not get a gang of its own.
    /// </summary>
    public int ExpectedWorkers { get; init; }

    /// <summary>How long placement waits for the expected workers after start.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A worker that is silent for this long has lost its lease.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A file for the coordinator's own log, or null for none.</summary>
    public string? Log { get; init; }
}
