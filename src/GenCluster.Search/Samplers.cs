using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
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

    /// <summary>Why the sweep's algorithm cannot search its space, in words that follow "cannot:"; null when it can.</summary>
    public static string? RefusalOf(SweepSpec spec) => Find(spec.Search.Algorithm) is { } sampler
        ? sampler.RefusalOf(spec.Parameters)
        : $"there is no such algorithm; known are {string.Join(", ", All.Select(s => s.Name))}";
}
