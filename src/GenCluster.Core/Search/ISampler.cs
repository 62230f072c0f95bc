using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;

namespace GenCluster.Core.Search;

/// <summary>What a sampler may know: the space, the objective, and all trials so far, finished and running.</summary>
public sealed record SearchHistory(ParameterSpace Space, ObjectiveSpec Objective, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>The number the next proposed trial will have.</summary>
    public int NextNumber => Trials.Count == 0 ? 1 : Trials.Max(t => t.Number) + 1;
}

/// <summary>A configuration to try.</summary>
public sealed record Proposal(int Number, Assignment Assignment);

/// <summary>
/// Chooses configurations: a pure function of the history and of random numbers keyed by the trial's number, so a
/// replay proposes the same.
/// </summary>
public interface ISampler
{
    /// <summary>The name in a sweep file, e.g. <c>random</c>.</summary>
    string Name { get; }

    /// <summary>
    /// At most <paramref name="count"/> configurations, numbered from <see cref="SearchHistory.NextNumber"/>; fewer when
    /// the space is exhausted.
    /// </summary>
    IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random);
}

/// <summary>Random numbers of a search, keyed by (sweep seed, trial number, use).</summary>
public readonly record struct SearchRandom(ulong Seed)
{
    /// <param name="trial">The number of the trial that the numbers are for.</param>
    /// <param name="use">Tells apart the draws that an algorithm makes for one trial.</param>
    public RandomStream For(int trial, byte use = 0) => new(Seed, new StreamAddress(StreamPurpose.Search, (uint)trial, use));
}
