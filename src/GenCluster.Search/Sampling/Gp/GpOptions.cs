using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>The options of the Gaussian process; what each means is in <see cref="SearchCatalogue"/>.</summary>
internal sealed record GpOptions(int StartupTrials, int Candidates, int LocalSearches, double MinNoise)
{
    public static GpOptions Of(SearchHistory history)
    {
        var given = AlgorithmOptions.OfSampler("gp", history);
        return new GpOptions(given.Integer("startupTrials"), given.Integer("candidates"), given.Integer("localSearches"), given.Number("minNoise"));
    }
}
