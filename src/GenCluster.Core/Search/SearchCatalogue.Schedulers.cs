namespace GenCluster.Core.Search;

public static partial class SearchCatalogue
{
    /// <summary>What <c>earlyStopping.type</c> may be.</summary>
    public static IReadOnlyList<AlgorithmDescription> Schedulers { get; } = [];
}
