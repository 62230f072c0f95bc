using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>Why a trial waits, in words that follow "waits:".</summary>
internal static class Reasons
{
    /// <summary>Why it cannot run whoever ends, or null.</summary>
    public static TrialWait? Never(GangRequest wish, Territory territory, ProjectRules projects)
    {
        if (projects.RefusalOf(wish.Project, wish.Min) is { } refusal)
            return new TrialWait(wish.Trial, WaitCause.AboveQuota, refusal);
        if (territory.Capacity >= wish.Min)
            return null;
        string need = $"needs {Kind(wish, wish.Min)}; attached and suitable: {territory.CapacityOfAll}";
        return territory.CapacityOfAll >= wish.Min
            ? new TrialWait(wish.Trial, WaitCause.WorkersSetAside, $"{need}, of these set aside after failures: {territory.CapacityOfAll - territory.Capacity}")
            : new TrialWait(wish.Trial, WaitCause.NoSuchWorkers, need);
    }

    public static TrialWait Claimed(GangRequest wish) => new(wish.Trial, WaitCause.Release, "workers that say they work on it are heard first");

    public static TrialWait Quota(GangRequest wish, int held, int quota) => new(wish.Trial, WaitCause.Quota,
        $"needs {Count(wish.Min)}, and project '{wish.Project}' has {held} of the {quota} it may have at one time");

    public static TrialWait BehindInProject(GangRequest wish, TrialId first) => new(wish.Trial, WaitCause.Behind,
        $"{first} comes first, and waits for the quota of project '{wish.Project}'");

    public static TrialWait Behind(GangRequest wish, TrialId first) => new(wish.Trial, WaitCause.Behind, $"{first} comes first");

    public static TrialWait Soon(GangRequest wish, Rearrangement found)
    {
        if (found.Stopped.Count > 0)
            return new TrialWait(wish.Trial, WaitCause.Preemption, $"trials with a lower priority stop for it after a checkpoint: {Names(found.Stopped)}");
        return found.Shrunk.Count > 0
            ? new TrialWait(wish.Trial, WaitCause.Shrinkage, $"workers that can be spared are on their way from {Names(found.Shrunk.Select(s => s.Gang).Distinct())}")
            : new TrialWait(wish.Trial, WaitCause.Release, "workers are on their way out of other trials");
    }

    public static TrialWait RunningTrials(GangRequest wish, int missing, IReadOnlyList<Standing> @protected) => new(wish.Trial, WaitCause.RunningTrials,
        $"needs {Kind(wish, wish.Min)}, {Math.Max(1, missing)} more than are free or can be spared; running trials have to end first"
        + (@protected.Count == 0 ? "" : $", or to reach their minimum run time ({Names(@protected)})"));

    private static string Kind(GangRequest wish, int count) =>
        $"{Count(count)}{(wish.Device is "cuda" ? " with a GPU" : "")}{(wish.Memory > 0 ? $" with {ByteSize.Text(wish.Memory)} each" : "")}";

    private static string Count(int workers) => workers == 1 ? "1 worker" : $"{workers} workers";

    private static string Names(IEnumerable<Standing> gangs) => string.Join(", ", gangs.Select(g => g.Wish.Trial));
}
