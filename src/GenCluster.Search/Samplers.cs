using GenCluster.Core.Search;
using GenCluster.Search.Sampling;

namespace GenCluster.Search;

/// <summary>All samplers, by the name that a sweep file gives. Each proposes <see cref="SearchHistory.SeedTrials"/> first.</summary>
public static class Samplers
{
    public static IReadOnlyList<ISampler> All { get; } =
    [
        new SeedsFirst(new RandomSampler()),
        new SeedsFirst(new GridSampler()),
        new SeedsFirst(new SobolSampler()),
        new SeedsFirst(new TpeSampler()),
        new SeedsFirst(new GpSampler()),
        new SeedsFirst(new CmaEsSampler()),
        new SeedsFirst(new GeneticSampler()),
        new SeedsFirst(new NsgaSampler()),
    ];

    /// <summary>The sampler, or null when there is none of that name.</summary>
    public static ISampler? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
