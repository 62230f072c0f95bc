using GenCluster.Core.Search;
using GenCluster.Search.Sampling;

namespace GenCluster.Search;

/// <summary>All samplers, by the name that a sweep file gives.</summary>
public static class Samplers
{
    public static IReadOnlyList<ISampler> All { get; } = [new RandomSampler(), new CmaEsSampler(), new GeneticSampler(), new NsgaSampler()];

    /// <summary>The sampler, or null when there is none of that name.</summary>
    public static ISampler? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
