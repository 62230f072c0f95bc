using System.Collections.Immutable;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>Where a sweep is in its life. Stored in the journal: never renumber.</summary>
public enum SweepPhase
{
    Running = 0,
    Halted = 1,
    Succeeded = 2,
    Failed = 3,
}

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
}

/// <summary>A sweep: the fold of its events.</summary>
public sealed record SweepState(
    SweepId Sweep,
    SweepSpec? Spec,
    SweepPhase Phase,
    string? HaltReason,
    ImmutableSortedDictionary<int, TrialRecord> Trials)
{
    public static SweepState New(SweepId sweep) => new(sweep, null, SweepPhase.Running, null, ImmutableSortedDictionary<int, TrialRecord>.Empty);

    public bool Exists => Spec is not null;

    public bool HasEnded => Phase is SweepPhase.Succeeded or SweepPhase.Failed;

    public IEnumerable<TrialRecord> Live => Trials.Values.Where(t => t.Outcome is null);

    public int Failed => Trials.Values.Count(t => t.Outcome?.Phase is TrialPhase.Failed);

    /// <summary>Trials from the best to the worst: succeeded ones by objective, then the others; equals by number.</summary>
    public IReadOnlyList<TrialRecord> Leaderboard()
    {
        var objective = Spec?.Objective ?? new ObjectiveSpec("", Goal.Minimize);
        var order = Comparer<double>.Create((a, b) => objective.IsBetter(a, b) ? -1 : objective.IsBetter(b, a) ? 1 : 0);
        return [.. Trials.Values.OrderBy(t => t.Outcome is { Phase: TrialPhase.Succeeded, Objective: { } value } ? value : double.NaN, order).ThenBy(t => t.Number)];
    }
}
