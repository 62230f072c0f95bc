using GenCluster.Core.Placement;
using GenCluster.Search.Sweeps;

namespace GenCluster.Actors.Coordination;

/// <summary>How a coordinator treats its workers.</summary>
/// <param name="ExpectedWorkers">Placement waits for this many, at most <paramref name="SettleTime"/> after start.</param>
/// <param name="LeaseTime">A worker that is silent for this long has lost its lease.</param>
/// <param name="Office">Names this start of this process, for the journal and for people; of each process another.</param>
public sealed record CoordinatorSettings(int ExpectedWorkers, TimeSpan SettleTime, TimeSpan LeaseTime, string Office = "")
{
    /// <summary>Quotas and weights of projects.</summary>
    public ProjectRules Projects { get; init; } = ProjectRules.None;

    /// <summary>What sweeps may search with.</summary>
    public Algorithms Algorithms { get; init; } = Algorithms.Known;
}
