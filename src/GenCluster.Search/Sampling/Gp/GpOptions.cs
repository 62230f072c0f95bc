using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>The options of the Gaussian process; what each means is in <see cref="SearchCatalogue"/>.</summary>
internal sealed record GpOptions(int StartupTrials, int Candidates, int LocalSearches, double MinNoise)
{
    public static GpOptions Of(SearchHistory history)
    {
        var description = SearchCatalogue.FindSampler("gp")!;
        return new GpOptions(
            (int)description.Option(history.Options, "startupTrials").AsInteger(),
            (int)description.Option(history.Options, "candidates").AsInteger(),
            (int)description.Option(history.Options, "localSearches").AsInteger(),
            description.Option(history.Options, "minNoise").AsNumber());
    }
}
