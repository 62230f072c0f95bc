using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>A trial's wish for a gang.</summary>
/// <param name="Min">All of these at once, or none.</param>
/// <param name="Max">No more can be of use: the spec's maximum, or the number of shards if that is less.</param>
public sealed record GangRequest(TrialId Trial, int Min, int Max)
{
    /// <summary>A trial with a higher one is served first, and may take the place of one with a lower one.</summary>
    public int Priority { get; init; }

    /// <summary>Who shares the workers with whom: see <see cref="ProjectRules"/>.</summary>
    public string Project { get; init; } = ProjectRules.DefaultProject;

    /// <summary>How long a gang runs before a trial with a higher priority may take its place.</summary>
    public TimeSpan MinRuntime { get; init; }

    /// <summary><c>auto</c> or <c>cpu</c>: any worker; <c>cuda</c>: one with a GPU.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Bytes of its device's memory that each member needs; 0: not said.</summary>
    public long Memory { get; init; }

    /// <summary>Whether a member takes only <see cref="Memory"/> of its device, so that other trials may have the rest.</summary>
    public bool SharesDevice { get; init; }
}

/// <summary>A wish that was not fulfilled yet.</summary>
/// <param name="Turn">Rises with every wish that comes, so that of equals the first is served first.</param>
public sealed record WaitingGang(GangRequest Wish, long Turn);

/// <summary>A trial that has a gang. Its members are the workers that say so.</summary>
/// <param name="Since">When it was placed; a reading of a monotonic clock.</param>
public sealed record PlacedGang(GangRequest Wish, TimeSpan Since)
{
    /// <summary>Members that it was asked to give back and still has.</summary>
    public IReadOnlyCollection<WorkerId> Leaving { get; init; } = [];

    /// <summary>It gives back all of them: it was preempted, or stops for reasons of its own.</summary>
    public bool Ends { get; init; }
}
