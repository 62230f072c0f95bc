using System.Collections.Immutable;

namespace GenCluster.Server.ReadModel;

/// <summary>A table of the read model.</summary>
/// <param name="Key">The columns of its primary key.</param>
/// <param name="Values">All others. They are null until something sets them.</param>
public sealed record ReadTable(string Name, ImmutableArray<string> Key, ImmutableArray<string> Values);

/// <summary>The tables of the read model, as the scripts <c>0002-read-model</c> make them. What they mean is written there.</summary>
public static class ReadTables
{
    /// <summary>How far the journal has been read.</summary>
    public const string Feed = "gencluster_feed";

    public static readonly ReadTable Coordinators = new("gencluster_coordinators", ["epoch"], ["started_at"]);

    public static readonly ReadTable Sweeps = new(
        "gencluster_sweeps",
        ["sweep"],
        ["registered_at", "submitted_at", "ended_at", "phase", "halt_reason", "model", "dataset", "algorithm", "metric", "goal", "steps", "max_trials", "searched",
            "version", "end_reason"]);

    public static readonly ReadTable SweepHistory = new("gencluster_sweep_history", ["sweep", "ordering"], ["at", "what", "message"]);

    public static readonly ReadTable Trials = new(
        "gencluster_trials",
        ["sweep", "trial"],
        ["proposed_at", "ended_at", "phase", "assignment", "epoch", "objective", "untrained", "steps", "weights_sha256", "failure", "message",
            "until", "waits_at", "held", "parent", "replaces", "ruling", "device_seconds"]);

    public static readonly ReadTable Gangs = new(
        "gencluster_gangs", ["sweep", "trial", "epoch"], ["attempt", "members", "began_at", "reason", "ended_at", "cause", "end_message"]);

    public static readonly ReadTable Reports = new("gencluster_reports", ["sweep", "trial", "step", "metric"], ["value", "epoch", "reported_at"]);

    public static readonly ReadTable Checkpoints = new(
        "gencluster_checkpoints", ["sweep", "trial", "step"], ["epoch", "committed_at", "blobs", "bytes", "numerics"]);

    public static ImmutableArray<ReadTable> All { get; } = [Coordinators, Sweeps, SweepHistory, Trials, Gangs, Reports, Checkpoints];
}
