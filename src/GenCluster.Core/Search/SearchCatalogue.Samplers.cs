namespace GenCluster.Core.Search;

public static partial class SearchCatalogue
{
    /// <summary>What <c>search.algorithm</c> may be.</summary>
    public static IReadOnlyList<AlgorithmDescription> Samplers { get; } =
    [
        new("random", "Draws each hyperparameter from its distribution, independently of the others (Bergstra and Bengio 2012).", []),
        .. Evolution,
    ];
}
