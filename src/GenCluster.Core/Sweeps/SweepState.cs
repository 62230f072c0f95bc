using System.Collections.Immutable;
using GenCluster.Core.Identity;
using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>Where a sweep is in its life. Stored in the journal: never renumber.</summary>
public enum SweepPhase
{
    Running = 0,

    /// <summary>Something in its surroundings has to be put right first.</summary>
    Halted = 1,
    Succeeded = 2,
    Failed = 3,

    /// <summary>A person paused it: it begins no new trials, and those at work go on.</summary>
    Paused = 4,

    /// <summary>It begins no new trials and ends when those it has are over.</summary>
    Stopping = 5,

    /// <summary>A person ended it.</summary>
    Cancelled = 6,
}

/// <summary>A sweep: the fold of its events.</summary>
/// <param name="Spec">The specification in force; null before there is a sweep.</param>
public sealed record SweepState(
    SweepId Sweep,
    SweepSpec? Spec,
    SweepPhase Phase,
    string? HaltReason,
    ImmutableSortedDictionary<int, TrialRecord> Trials)
{
    /// <summary>All specifications so far, the one that was submitted first.</summary>
    public ImmutableList<SweepSpec> Versions { get; init; } = [];

    /// <summary>Milliseconds since 1970, UTC; 0: not known.</summary>
    public long SubmittedAt { get; init; }

    /// <summary>Numbers of the trials that have no outcome yet.</summary>
    public ImmutableSortedSet<int> LiveNumbers { get; init; } = [];

    /// <summary>Trials that have failed.</summary>
    public int Failed { get; init; }

    /// <summary>Trials that the search proposed; replacements are none.</summary>
    public int Proposed { get; init; }

    /// <summary>Whether the search had nothing to propose when it was asked last.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>All evaluations in the order of their arrival, one for each trial and step.</summary>
    public ImmutableList<TrialReport> Reports { get; init; } = [];

    /// <summary>By trial and step, which evaluations these are.</summary>
    public ImmutableHashSet<(int Number, int Step)> Heard { get; init; } = [];

    /// <summary>What was taken over from another sweep; null: it has not been asked for yet, or need not be.</summary>
    public EvidenceTaken? Evidence { get; init; }

    /// <summary>The best objective of trials that have ended, as far as the plateau is concerned; null: none yet.</summary>
    public double? BestOnPlateau { get; init; }

    /// <summary>Trials that ended since one was better than all before.</summary>
    public int SinceBetter { get; init; }

    /// <summary>What it was before it halted.</summary>
    public SweepPhase HaltedFrom { get; init; }

    /// <summary>Whether it was stopped, by a person or a target, so that it begins no new trials even when failed ones are begun again.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Why it ends, or ended, before all was done; null when it does not.</summary>
    public string? EndReason { get; init; }

    public static SweepState New(SweepId sweep) => new(sweep, null, SweepPhase.Running, null, ImmutableSortedDictionary<int, TrialRecord>.Empty);

    public bool Exists => Spec is not null;

    /// <summary>Of the specification in force; the one that was submitted is 1.</summary>
    public int Version => Versions.Count;

    public bool HasEnded => Phase is SweepPhase.Succeeded or SweepPhase.Failed or SweepPhase.Cancelled;

    public IEnumerable<TrialRecord> Live => LiveNumbers.Select(number => Trials[number]);

    /// <summary>Trials that may be set to work now.</summary>
    public int Free => Spec is null ? 0 : Math.Max(0, Spec.Search.ParallelTrials - Live.Count(t => t.IsAtWork));

    /// <summary>Trials from the best to the worst; equals by number.</summary>
    public IReadOnlyList<TrialRecord> Leaderboard() => Spec is null ? [] : new TrialOrdering(Spec).Sort(Trials.Values);

    /// <summary>This state with another record of a trial.</summary>
    internal SweepState With(TrialRecord trial) => this with { Trials = Trials.SetItem(trial.Number, trial) };
}
