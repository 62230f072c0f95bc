using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Search;

/// <summary>A search algorithm or an early-stopping rule as a sweep file sees it.</summary>
/// <param name="Options">Keys beside its name, with defaults and ranges.</param>
public sealed record AlgorithmDescription(string Name, string Summary, IReadOnlyList<Hyperparameter> Options)
{
    /// <summary>The value of an option: what was given, else its default.</summary>
    public ParameterValue Option(Assignment given, string name) =>
        given.Find(name) ?? Options.FirstOrDefault(o => o.Path == name)?.Default ?? throw new ArgumentException($"{Name} has no option '{name}'", nameof(name));
}

/// <summary>
/// All algorithms, by the names that a sweep file gives. Only descriptions: the algorithms live in GenCluster.Search, and a
/// test there holds the two together.
/// </summary>
public static partial class SearchCatalogue
{
    public static AlgorithmDescription? FindSampler(string name) => Samplers.FirstOrDefault(s => s.Name == name);

    public static AlgorithmDescription? FindScheduler(string name) => Schedulers.FirstOrDefault(s => s.Name == name);
}
