using GenCluster.Core.Search;
using GenCluster.Search.Scheduling;

namespace GenCluster.Search;

/// <summary>All early-stopping rules, by the name that a sweep file gives.</summary>
public static class Schedulers
{
    public static IReadOnlyList<IScheduler> All { get; } =
    [
        new AshaScheduler(),
        new HyperbandScheduler(),
        new MedianScheduler(),
        new PercentileScheduler(),
        new PatienceScheduler(),
        new ThresholdScheduler(),
        new PbtScheduler(),
    ];

    /// <summary>The scheduler, or null when there is none of that name.</summary>
    public static IScheduler? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
