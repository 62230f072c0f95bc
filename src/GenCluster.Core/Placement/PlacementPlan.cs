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
    IReadOnlyList<TrialId> Heads)
{
    /// <summary>Workers that get a trial.</summary>
    public IEnumerable<WorkerId> Given => Grants.SelectMany(g => g.Members).Concat(Growths.SelectMany(g => g.Joiners));

    /// <summary>The same, but these workers get none.</summary>
    public PlacementPlan Without(IReadOnlySet<WorkerId> workers) => this with
    {
        Grants = [.. Grants.Select(g => g with { Members = [.. g.Members.Where(m => !workers.Contains(m))] })],
        Growths = [.. Growths.Select(g => g with { Joiners = [.. g.Joiners.Where(j => !workers.Contains(j))] }).Where(g => g.Joiners.Count > 0)],
    };
}
