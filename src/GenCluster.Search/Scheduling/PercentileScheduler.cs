using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling;

/// <summary>The median stopping rule with another part of the trials that goes on.</summary>
public sealed class PercentileScheduler : IScheduler
{
    public string Name => "percentile";

    public Ruling? Judge(SearchHistory history, SearchRandom random)
    {
        var options = AlgorithmOptions.OfScheduler(Name, history);
        return new Percentiles(history, options, options.Number("percentile")).Judge();
    }
}
