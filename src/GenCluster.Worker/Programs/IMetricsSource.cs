using GenCluster.Core.Trials;

namespace GenCluster.Worker.Programs;

/// <summary>Where a program leaves its metrics for somebody to look.</summary>
internal interface IMetricsSource
{
    /// <summary>Hands on what has come since the last look: not more than a little of it, so that others have their turn.</summary>
    /// <returns>Whether there may be more.</returns>
    bool Look(Action<IReadOnlyList<Metric>> said);
}
