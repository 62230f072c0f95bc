using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>All that a decision rests on. The order of the lists does not matter.</summary>
public sealed record PlacementState(
    IReadOnlyCollection<OfferedWorker> Workers, IReadOnlyCollection<WaitingGang> Waiting, IReadOnlyCollection<PlacedGang> Placed)
{
    public ProjectRules Projects { get; init; } = ProjectRules.None;

    /// <summary>A reading of the clock that <see cref="PlacedGang.Since"/> was read from.</summary>
    public TimeSpan Now { get; init; }

    /// <summary><see cref="PlacementPlan.Heads"/> of the decision before.</summary>
    public IReadOnlyCollection<TrialId> Heads { get; init; } = [];

    /// <summary>Whether a worker may join a running trial; null: any may.</summary>
    public Func<TrialId, WorkerId, bool>? MayJoin { get; init; }
}
