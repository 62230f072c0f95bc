using System.Net;
using GenCluster.Actors.Logging;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Placement;
using GenCluster.Monitoring;
using GenCluster.Server.Api;

namespace GenCluster.Server;

/// <summary>How a coordinator is hosted.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>Where the journal is.</summary>
    public required JournalDatabase Journal { get; init; }

    /// <summary>The address to listen on for workers, and for other coordinators.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>How others reach this node, when not by <see cref="Bind"/>.</summary>
    public string? PublicHost { get; init; }

    /// <summary>Addresses of all coordinator nodes, the same list on each; empty for one that is alone.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>
    /// Workers that are known to be on their way: placement waits for them, at most <see cref="SettleTime"/>, so that
    /// the first one does not get a gang of its own.
    /// </summary>
    public int ExpectedWorkers { get; init; }

    /// <summary>How long placement waits for the expected workers after start.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A worker that is silent for this long has lost its lease.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Quotas and weights of projects.</summary>
    public ProjectRules Projects { get; init; } = ProjectRules.None;

    /// <summary>Whether the read model follows the journal. All nodes of a cluster must say the same.</summary>
    public bool HasReadModel { get; init; }

    /// <summary>The HTTP API of the node, which needs the read model; null for none.</summary>
    public ApiOptions? Api { get; init; }

    /// <summary>Where metrics are served; null: nowhere.</summary>
    public MetricsAddress? Metrics { get; init; }

    /// <summary>As <see cref="Log"/>: the log goes to standard error.</summary>
    public const string StandardError = FileLogger.StandardError;

    /// <summary>A file for the coordinator's own log, or null for none.</summary>
    public string? Log { get; init; }
}
