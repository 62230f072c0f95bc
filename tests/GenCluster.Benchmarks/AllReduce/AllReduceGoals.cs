using GenCluster.Benchmarks.Measuring;
using static GenCluster.Benchmarks.AllReduce.AllReduceContenders;

namespace GenCluster.Benchmarks.AllReduce;

/// <summary>What the times are held against.</summary>
internal sealed class AllReduceGoals(int members, IReadOnlyList<AllReduceContender> contenders, AllReduceTimes taken)
{
    public IEnumerable<Figure> Figures() => members == 2
        ? [
            .. Leads("shm/gloo", SharedMemory, 10, Gloo, GlooPinned),
            .. Leads("shm/openmpi", SharedMemory, 2, OpenMpi),
            .. Leads("tcp/gloo", Tcp, 2.3, Gloo, GlooPinned),
            .. Leads("tcp/raw", Tcp, 0.6, Raw),
            .. Allocations(),
        ]
        : [
            .. Leads("shm/gloo", SharedMemory, 8, Gloo, GlooPinned),
            .. Leads("tcp/gloo", Tcp, 1.8, Gloo, GlooPinned),
            .. Allocations(),
        ];

    /// <summary>For each size how many times as fast as the best of the peer's ways.</summary>
    private IEnumerable<Figure> Leads(string name, string ours, double goal, params string[] peers)
    {
        string missing = contenders.First(contender => contender.Name == peers[0]).Missing;
        var present = taken.Contenders.Intersect(peers).ToList();
        foreach (var size in VectorSize.All.Where(size => size.HasGoal))
        {
            string figure = $"allreduce/{members}/{name}/{size.Name.Replace(" ", "", StringComparison.Ordinal)}";
            if (missing.Length > 0)
                yield return new Figure.Skipped(figure, missing);
            else
                yield return new Figure.AtLeast(figure, taken.Lead(ours, present.MinBy(peer => taken.All(peer, size).Median)!, size), goal);
        }
    }

    private IEnumerable<Figure> Allocations() => new[] { ("shm", SharedMemory), ("tcp", Tcp), ("unix", Unix) }
        .Where(way => taken.Contenders.Contains(way.Item2))
        .Select(way => new Figure.AtMost($"allreduce/{members}/{way.Item1}/managed-bytes", taken.Allocated(way.Item2), 0));
}
