using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>A trial as its sweep knows it.</summary>
/// <param name="Outcome">Null while it lives.</param>
public sealed record TrialRecord(int Number, Assignment Assignment, TrialOutcome? Outcome)
{
    /// <summary>The trial that it took its weights from when it began; null: it began anew.</summary>
    public int? Parent { get; init; }

    /// <summary>The trial in whose place it is; null: it was proposed by the search.</summary>
    public int? Replaces { get; init; }

    /// <summary>The milestone it has reached and waits at; null while it is at work, or over.</summary>
    public int? WaitsAt { get; init; }

    /// <summary>The milestone it trains to; null: it runs through.</summary>
    public int? Until { get; init; }

    /// <summary>Of the specification it was proposed under; the one that was submitted is 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Its newest evaluation that the sweep has heard of.</summary>
    public MetricReport? Reported { get; init; }

    /// <summary>Why it is stopped, or was; null when it is not.</summary>
    public Ruling? Ruling { get; init; }

    /// <summary>The step at which <see cref="Ruling"/> ends it.</summary>
    public int? EndsAt { get; init; }

    /// <summary>Whether a person has paused it.</summary>
    public bool IsHeld { get; init; }

    /// <summary>How it is to end, <see cref="Verb.Stop"/> or <see cref="Verb.Cancel"/>; null: by itself.</summary>
    public Verb? Asked { get; init; }

    /// <summary>How often it was begun again after it had failed.</summary>
    public int Round { get; init; }

    /// <summary>The checkpoint of <see cref="Parent"/> that it begins from is of this step.</summary>
    public int? ParentStep { get; init; }

    /// <summary>What it begins from; null: from the beginning, or it is not known yet (<see cref="AwaitsOrigin"/>).</summary>
    public TrialOrigin? Origin { get; init; }

    /// <summary>Whether it cannot begin yet, because the checkpoint of its parent is not pinned.</summary>
    public bool AwaitsOrigin { get; init; }

    /// <summary>Whether a checkpoint of its parent is pinned for it, or may be.</summary>
    public bool HoldsParent { get; init; }

    public bool IsLive => Outcome is null;

    /// <summary>Whether it uses one of the sweep's parallel trials: it runs, or waits for workers.</summary>
    public bool IsAtWork => Outcome is null && Ruling is null && WaitsAt is null && !IsHeld;
}
