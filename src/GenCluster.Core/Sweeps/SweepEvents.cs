using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>An event of a sweep's journal. Closed set; every case has a golden file.</summary>
public interface ISweepEvent;

/// <summary>A sweep was accepted; from here on it is never lost.</summary>
/// <param name="At">Milliseconds since 1970, UTC, by the coordinator's clock; 0: a release that did not say.</param>
/// <param name="By">Who submitted it; empty: the command that hosts the coordinator, or a release that did not say.</param>
[MessagePackObject]
public sealed record SweepSubmitted(
    [property: Key(0)] SweepId Sweep, [property: Key(1)] SweepSpec Spec, [property: Key(2)] long At = 0, string By = "") : ISweepEvent
{
    // Missing values of an old journal are read as null, whatever a constructor's default says.
    [Key(3)]
    public string By { get; init; } = By ?? "";
}

/// <summary>The search chose a configuration. Holding the values makes replay independent of the algorithm.</summary>
/// <param name="Until">The milestone that the scheduler has set for it; null: it runs through.</param>
[MessagePackObject]
public sealed record TrialProposed(
    [property: Key(0)] int Number, [property: Key(1)] Assignment Assignment, [property: Key(2)] int? Until = null) : ISweepEvent;

/// <summary>The search has no configuration left to propose.</summary>
[MessagePackObject]
public sealed record SearchExhausted : ISweepEvent;

/// <summary>An evaluation of a trial reached the sweep. The order of these events is the order in which reports were judged.</summary>
[MessagePackObject]
public sealed record TrialReported([property: Key(0)] int Number, [property: Key(1)] MetricReport Report) : ISweepEvent;

/// <summary>The scheduler stopped a trial because of the report before this event.</summary>
[MessagePackObject]
public sealed record TrialJudged([property: Key(0)] int Number, [property: Key(1)] Ruling Ruling) : ISweepEvent;

/// <summary>A trial is stored at its milestone and waits there.</summary>
[MessagePackObject]
public sealed record TrialArrived([property: Key(0)] int Number, [property: Key(1)] int Step) : ISweepEvent;

/// <summary>What the scheduler made of a trial that waits.</summary>
/// <param name="Successor">The number of the trial that takes its place; null when none does.</param>
[MessagePackObject]
public sealed record TrialMoved([property: Key(0)] Move Move, [property: Key(1)] int? Successor = null) : ISweepEvent;

/// <summary>The checkpoint that a new trial begins from is pinned, or cannot be had.</summary>
/// <param name="Origin">Null: the trial begins anew.</param>
/// <param name="Message">Why it cannot be had; empty when it can.</param>
[MessagePackObject]
public sealed record TrialInherited(
    [property: Key(0)] int Number, [property: Key(1)] TrialOrigin? Origin, [property: Key(2)] string Message = "") : ISweepEvent;

/// <summary>A trial has a checkpoint of its own, or is over: its parent's need not be kept for it any more.</summary>
[MessagePackObject]
public sealed record TrialWeaned([property: Key(0)] int Number) : ISweepEvent;

/// <summary>What was taken over from another sweep.</summary>
/// <param name="Assignments">Configurations that were tried there.</param>
/// <param name="Values">Of each of them, one value for each objective.</param>
/// <param name="Origin">The weights that trials begin with; null: they begin anew.</param>
[MessagePackObject]
public sealed record EvidenceTaken(
    [property: Key(0)] Assignment[] Assignments, [property: Key(1)] double[][] Values, [property: Key(2)] TrialOrigin? Origin = null) : ISweepEvent
{
    public bool Equals(EvidenceTaken? other) =>
        other is not null && Equals(Origin, other.Origin) && Assignments.AsSpan().SequenceEqual(other.Assignments)
        && Values.Length == other.Values.Length && Values.Zip(other.Values).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    public override int GetHashCode() => HashCode.Combine(Assignments.Length, Values.Length, Origin);
}

/// <summary>A trial came to its end, as its own journal says.</summary>
[MessagePackObject]
public sealed record TrialEnded([property: Key(0)] int Number, [property: Key(1)] TrialOutcome Outcome) : ISweepEvent;

/// <summary>A trial is as good as was wanted: it is stopped, the others are cancelled, and the sweep ends with them.</summary>
[MessagePackObject]
public sealed record TargetReached([property: Key(0)] int Number, [property: Key(1)] string Message) : ISweepEvent;

/// <summary>A person asked something of the sweep, or of one of its trials.</summary>
/// <param name="Trial">Null: the sweep.</param>
/// <param name="Phase">The sweep's from now on.</param>
[MessagePackObject]
public sealed record SweepControlled(
    [property: Key(0)] Verb Verb, [property: Key(1)] int? Trial, [property: Key(2)] string By, [property: Key(3)] SweepPhase Phase) : ISweepEvent;

/// <summary>A person changed the specification. Trials keep the one they were proposed under.</summary>
/// <param name="Version">Of the specification from now on; the one that was submitted is 1.</param>
[MessagePackObject]
public sealed record SweepEdited([property: Key(0)] int Version, [property: Key(1)] SweepSpec Spec, [property: Key(2)] string By) : ISweepEvent;

/// <summary>The sweep stopped because of its surroundings (a full disk, say). It goes on when submitted again.</summary>
[MessagePackObject]
public sealed record SweepHalted([property: Key(0)] string Reason) : ISweepEvent;

/// <summary>A halted sweep was submitted again, or resumed.</summary>
/// <param name="By">Who did so; empty: the command that hosts the coordinator, or a release that did not say.</param>
/// <param name="Phase">What it was before it halted, and is again; null: a release that did not say.</param>
[MessagePackObject]
public sealed record SweepResumed(string By = "", [property: Key(1)] SweepPhase? Phase = null) : ISweepEvent
{
    // Missing values of an old journal are read as null, whatever a constructor's default says.
    [Key(0)]
    public string By { get; init; } = By ?? "";
}

/// <summary>All is done, or a budget is used up.</summary>
/// <param name="Reason">Why it ended before all was done; empty when all was done.</param>
[MessagePackObject]
public sealed record SweepEnded([property: Key(0)] SweepPhase Phase, string Reason = "") : ISweepEvent
{
    // Missing values of an old journal are read as null, whatever a constructor's default says.
    [Key(1)]
    public string Reason { get; init; } = Reason ?? "";
}
