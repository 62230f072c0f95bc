namespace GenCluster.Core.Search;

/// <summary>
/// All algorithms, by the names that a sweep file gives. Only descriptions: the algorithms live in GenCluster.Search, and a
/// test there holds the two together.
/// </summary>
public static partial class SearchCatalogue
{
    public static AlgorithmDescription? FindSampler(string name) => Samplers.FirstOrDefault(s => s.Name == name);

    public static AlgorithmDescription? FindScheduler(string name) => Schedulers.FirstOrDefault(s => s.Name == name);
}
