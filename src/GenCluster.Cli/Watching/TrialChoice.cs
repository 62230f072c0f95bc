using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Watching;

/// <summary>Which trials to show where not all have room: those that run, then the best, then the newest.</summary>
internal static class TrialChoice
{
    /// <summary>At most <paramref name="room"/> trials, by number.</summary>
    public static IReadOnlyList<TrialView> Choose(SweepView view, int room)
    {
        var running = view.Trials.Where(t => t.Phase is TrialPhase.Running);
        var ranked = view.Leaderboard().Where(t => t.Objective is not null);
        return [.. running.Concat(ranked).Concat(view.Trials.Reverse()).Distinct().Take(room).OrderBy(t => t.Number)];
    }
}
