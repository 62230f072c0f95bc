using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Sweeps;

/// <summary>The samplers and schedulers that a sweep may name.</summary>
/// <param name="Sampler">By its name in a sweep file; null when there is none of that name.</param>
/// <param name="Scheduler">Likewise.</param>
public sealed record Algorithms(Func<string, ISampler?> Sampler, Func<string, IScheduler?> Scheduler)
{
    /// <summary>All of this release.</summary>
    public static readonly Algorithms Known = new(Samplers.Find, Schedulers.Find);

    /// <exception cref="ArgumentException">There is none of that name; a submission would have been refused.</exception>
    public ISampler SamplerOf(SweepSpec spec) =>
        Sampler(spec.Search.Algorithm) ?? throw new ArgumentException($"there is no search algorithm '{spec.Search.Algorithm}'", nameof(spec));

    /// <summary>What decides while trials run; where the sweep names none, all of them go on.</summary>
    /// <exception cref="ArgumentException">There is none of that name; a submission would have been refused.</exception>
    public IScheduler SchedulerOf(SweepSpec spec) => spec.EarlyStopping is not { } stopping
        ? LetAll.GoOn
        : Scheduler(stopping.Type) ?? throw new ArgumentException($"there is no early stopping '{stopping.Type}'", nameof(spec));

    /// <summary>Stops nobody. Trials that wait because there was a scheduler before train on to their ends.</summary>
    private sealed class LetAll : IScheduler
    {
        public static readonly LetAll GoOn = new();

        public string Name => "none";

        public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random) =>
            [.. history.Trials.Where(t => t.WaitsAt is not null).Take(free).Select(t => new Move.Resume(t.Number, history.Steps))];
    }
}
