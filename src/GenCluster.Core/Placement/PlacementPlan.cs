using GenCluster.Core.Identity;

namespace GenCluster.Core.Placement;

/// <summary>A gang, complete.</summary>
public sealed record GangGrant(TrialId Trial, IReadOnlyList<WorkerId> Members);

/// <summary>Workers that join a gang.</summary>
public sealed record GangGrowth(TrialId Trial, IReadOnlyList<WorkerId> Joiners);

/// <summary>Members that a gang is to give back while it trains on.</summary>
public sealed record GangShrinkage(TrialId Trial, IReadOnlyList<WorkerId> Workers);

/// <summary>A gang that is to stop after a checkpoint and give back all it has.</summary>
/// <param name="By">The trial that takes its place.</param>
public sealed record GangPreemption(TrialId Trial, TrialId By);

/// <summary>Who gets what, who gives what back, and why the others wait.</summary>
/// <param name="Waits">One for each waiting trial that is not granted a gang.</param>
/// <param name="Heads">Trials that keep their place until they are served, whoever comes: to be given to the next decision.</param>
public sealed record PlacementPlan(
    IReadOnlyList<GangGrant> Grants,
    IReadOnlyList<GangShrinkage> Shrinkages,
    IReadOnlyList<GangPreemption> Preemptions,
    IReadOnlyList<GangGrowth> Growths,
    IReadOnlyList<TrialWait> Waits,
    IReadOnlyList<TrialId> Heads);
