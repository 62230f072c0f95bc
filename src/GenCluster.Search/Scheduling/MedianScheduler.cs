using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling;

/// <summary>The median stopping rule (Golovin, Solnik, Moitra, Kochanski, Karro, Sculley: Google Vizier, KDD 2017, section 3.2.2).</summary>
public sealed class MedianScheduler : IScheduler
{
    private const double Half = 50;

    public string Name => "median";

    public Ruling? Judge(SearchHistory history, SearchRandom random) =>
        new Percentiles(history, AlgorithmOptions.OfScheduler(Name, history), Half).Judge();
}
