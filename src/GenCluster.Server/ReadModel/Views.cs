using System.Text.Json;

namespace GenCluster.Server.ReadModel;

/// <summary>A sweep in a list.</summary>
/// <param name="State">Running, Paused, Stopping, Halted, Succeeded, Failed or Cancelled.</param>
/// <param name="Goal">Minimize or Maximize.</param>
/// <param name="Trials">How many were proposed so far.</param>
/// <param name="Best">The best objective of the trials that succeeded.</param>
public sealed record SweepSummary(
    string Name,
    string State,
    string Model,
    string Metric,
    string Goal,
    long MaxTrials,
    long Trials,
    long Running,
    long Succeeded,
    long Failed,
    double? Best,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? EndedAt);

/// <summary>A page of sweeps, by name.</summary>
/// <param name="Next">What to ask for the next page with; null on the last.</param>
public sealed record SweepPage(IReadOnlyList<SweepSummary> Sweeps, string? Next);

/// <summary>A sweep with all of its trials.</summary>
/// <param name="HaltReason">Why it waits for a person; null unless it is halted.</param>
/// <param name="BestTrial">The number of the best trial that succeeded.</param>
/// <param name="Searched">Path of each searched hyperparameter, its distribution in words.</param>
/// <param name="TrialList">By number.</param>
/// <param name="History">What became of it, oldest first.</param>
/// <param name="Place">The place in the journal up to which at least this tells everything.</param>
public sealed record SweepDetail(
    SweepSummary Sweep,
    string? HaltReason,
    long? BestTrial,
    string Dataset,
    string Algorithm,
    long Steps,
    JsonElement Searched,
    IReadOnlyList<TrialSummary> TrialList,
    IReadOnlyList<HistoryEntry> History,
    long Place,
    long Version = 1)
{
    /// <summary>Why it ends, or ended, before all was done; null when it does not.</summary>
    public string? EndReason { get; init; }
}

/// <summary>Something that became of a sweep.</summary>
/// <param name="What">submitted, edited, pause, resume, stop, cancel, retry, evidence, exhausted, reached, halted, resumed or ended.</param>
public sealed record HistoryEntry(DateTimeOffset At, string What, string? Message);

/// <summary>A trial in a list.</summary>
/// <param name="Parameters">Path of each searched hyperparameter, its value.</param>
/// <param name="Objective">At its last evaluation; null before the first.</param>
/// <param name="Step">The step that <paramref name="Objective"/> was measured at, or that it was trained to at its end.</param>
/// <param name="Attempts">Gangs that were placed; one that changed is still the same attempt.</param>
/// <param name="Failure">What failed it, by class.</param>
/// <param name="Message">Why it ended, or why its gang was lost or changed the last time.</param>
public sealed record TrialSummary(
    long Number,
    string State,
    JsonElement Parameters,
    double? Objective,
    double? Untrained,
    long? Step,
    long Attempts,
    string? WeightsSha256,
    string? Failure,
    string? Message)
{
    /// <summary>The milestone that it trains to; null: it runs through.</summary>
    public long? Until { get; init; }

    /// <summary>The milestone that it waits at; null while it does not.</summary>
    public long? WaitsAt { get; init; }

    /// <summary>The trial whose checkpoint it began from; null: it began anew.</summary>
    public long? Parent { get; init; }

    /// <summary>The trial in whose place it is; null: the search proposed it.</summary>
    public long? Replaces { get; init; }

    /// <summary>Why it was stopped: step, reason, value, among, cutoff. Null when it was not.</summary>
    public JsonElement? Ruling { get; init; }

    /// <summary>Time that workers were at work for it, added up; null before its end.</summary>
    public double? DeviceSeconds { get; init; }
}

/// <summary>A page of trials, by number.</summary>
/// <param name="Next">What to ask for the next page with; null on the last.</param>
public sealed record TrialPage(IReadOnlyList<TrialSummary> Trials, long? Next);

/// <summary>A trial and everything that became of it.</summary>
public sealed record TrialDetail(
    string Sweep,
    TrialSummary Trial,
    IReadOnlyList<GangEntry> Gangs,
    IReadOnlyList<ReportEntry> Reports,
    IReadOnlyList<CheckpointEntry> Checkpoints);

/// <summary>A gang that ran a trial, from one change to the next.</summary>
/// <param name="Attempt">Whether it was placed anew; else the one before went on as this one.</param>
/// <param name="Reason">Why the one before changed to this one.</param>
/// <param name="Cause">The class of what ended it; null when nothing was lost.</param>
public sealed record GangEntry(
    long Epoch, bool Attempt, JsonElement Members, DateTimeOffset BeganAt, string? Reason, DateTimeOffset? EndedAt, string? Cause, string? EndMessage);

/// <summary>A metric's value at a step.</summary>
/// <param name="Value">Null when it was not a number.</param>
public sealed record ReportEntry(long Step, string Metric, double? Value, DateTimeOffset ReportedAt);

/// <summary>A checkpoint that was committed, whether its blobs are still kept or not.</summary>
public sealed record CheckpointEntry(long Step, long Epoch, long Bytes, JsonElement Blobs, DateTimeOffset CommittedAt);
