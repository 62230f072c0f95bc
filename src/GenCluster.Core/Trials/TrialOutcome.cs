using GenCluster.Core.Identity;
using MessagePack;

namespace GenCluster.Core.Trials;

/// <summary>Where a trial is in its life. Stored in the journal: never renumber.</summary>
public enum TrialPhase
{
    Pending = 0,
    Running = 1,
    Paused = 2,
    Succeeded = 3,
    Pruned = 4,
    Failed = 5,
    Cancelled = 6,
}

/// <summary>Why an attempt at a trial ended before its time. Each class has a budget of its own. Never renumber.</summary>
public enum FailureClass
{
    /// <summary>The definition or the user's program is wrong; trying again mostly gives the same.</summary>
    UserError = 0,

    /// <summary>A loss became NaN or infinite; trying again mostly gives the same.</summary>
    NonFinite = 1,

    /// <summary>The device has too little memory.</summary>
    OutOfMemory = 2,

    /// <summary>A worker died or fell silent.</summary>
    Lost = 3,

    /// <summary>A worker was asked to leave.</summary>
    Preempted = 4,

    /// <summary>The machine failed the worker: a full disk, damaged data, a broken device.</summary>
    Hardware = 5,
}

/// <summary>Named metric values at one step, sorted by name.</summary>
[MessagePackObject]
public sealed record MetricReport([property: Key(0)] int Step, [property: Key(1)] Metric[] Metrics)
{
    public double? Find(string name)
    {
        foreach (var metric in Metrics)
        {
            if (metric.Name == name)
                return metric.Value;
        }

        return null;
    }

    public bool Equals(MetricReport? other) => other is not null && Step == other.Step && Metrics.AsSpan().SequenceEqual(other.Metrics);

    public override int GetHashCode() => HashCode.Combine(Step, Metrics.Length);
}

/// <summary>A metric's value.</summary>
[MessagePackObject]
public readonly record struct Metric([property: Key(0)] string Name, [property: Key(1)] double Value);

/// <summary>How a trial ended.</summary>
/// <param name="Phase">Succeeded, Pruned, Failed or Cancelled.</param>
/// <param name="Objective">The objective at the last evaluation; null when there was none.</param>
/// <param name="Untrained">The objective of the untrained weights; null when it was not measured.</param>
/// <param name="Steps">Steps trained.</param>
/// <param name="WeightsSha256">Lower-case hex over all weights, for comparing results bit by bit; empty when there are none.</param>
/// <param name="Failure">What failed, or null.</param>
/// <param name="Message">For people: the first cause, and how often more of the kind came after it; empty on success.</param>
/// <param name="Worker">On which worker it failed; null when that is not known, or it did not fail.</param>
/// <param name="FailedAt">The highest step that was heard of then; null when none was.</param>
/// <param name="Metrics">All metrics of the last evaluation, sorted by name; null when there was none.</param>
/// <param name="DeviceSeconds">Time that workers were at work for it, added up over all of them.</param>
[MessagePackObject]
public sealed record TrialOutcome(
    [property: Key(0)] TrialPhase Phase,
    [property: Key(1)] double? Objective,
    [property: Key(2)] double? Untrained,
    [property: Key(3)] int Steps,
    [property: Key(4)] string WeightsSha256,
    [property: Key(5)] FailureClass? Failure,
    [property: Key(6)] string Message,
    [property: Key(7)] WorkerId? Worker = null,
    [property: Key(8)] int? FailedAt = null,
    [property: Key(9)] Metric[]? Metrics = null,
    [property: Key(10)] double DeviceSeconds = 0)
{
    /// <summary>The value of a metric at the last evaluation; null when there is none.</summary>
    public double? Find(string metric)
    {
        foreach (var measured in Metrics ?? [])
        {
            if (measured.Name == metric)
                return measured.Value;
        }

        return null;
    }

    public bool Equals(TrialOutcome? other) =>
        other is not null
        && (Phase, Objective, Untrained, Steps, WeightsSha256).Equals((other.Phase, other.Objective, other.Untrained, other.Steps, other.WeightsSha256))
        && (Failure, Message, Worker, FailedAt, DeviceSeconds).Equals((other.Failure, other.Message, other.Worker, other.FailedAt, other.DeviceSeconds))
        && (Metrics ?? []).AsSpan().SequenceEqual(other.Metrics ?? []);

    public override int GetHashCode() => HashCode.Combine(Phase, Objective, Steps, WeightsSha256, Failure, Message);
}
