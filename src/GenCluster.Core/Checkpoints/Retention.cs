using System.Collections.Immutable;
using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Checkpoints;

/// <summary>Which checkpoints of a trial stay. Pinned ones stay besides, for as long as somebody holds a pin.</summary>
public static class Retention
{
    /// <summary>Two, so that a damaged one costs only the steps since the one before.</summary>
    public const int Newest = 2;

    /// <summary>Milestones whose checkpoints stay, so that other trials can begin from them.</summary>
    public const int NewestMilestones = 2;

    /// <summary>Pins that a trial bears; all its live checkpoints must fit in one message.</summary>
    public const int MaxPins = 5;

    /// <summary>What stays after a commit: the newest, the milestones, and the best by the objective at its own step.</summary>
    /// <param name="kept">What stayed so far, the newest first.</param>
    /// <param name="objective">The objective at a step; null where there was no evaluation.</param>
    /// <param name="milestones">Steps whose checkpoints stay.</param>
    /// <returns>The newest first.</returns>
    public static ImmutableArray<CheckpointManifest> After(
        ImmutableArray<CheckpointManifest> kept, CheckpointManifest committed, Func<int, double?> objective, Goal goal,
        ImmutableArray<int> milestones = default)
    {
        // A run that had to fall back to an older checkpoint makes the newer ones anew.
        ImmutableArray<CheckpointManifest> candidates = [committed, .. kept.Where(c => c.Step < committed.Step)];
        var best = Best(candidates, objective, goal);
        return [.. candidates.Where((c, age) => age < Newest || c == best || (!milestones.IsDefault && milestones.Contains(c.Step)))];
    }

    /// <summary>The best of them, the newest of equals; null when none was evaluated.</summary>
    private static CheckpointManifest? Best(ImmutableArray<CheckpointManifest> candidates, Func<int, double?> objective, Goal goal)
    {
        CheckpointManifest? best = null;
        double bestValue = double.PositiveInfinity;
        foreach (var candidate in candidates)
        {
            double value = objective(candidate.Step) * (goal is Goal.Minimize ? 1 : -1) ?? double.NaN;
            if (value < bestValue)
                (best, bestValue) = (candidate, value);
        }

        return best;
    }
}
