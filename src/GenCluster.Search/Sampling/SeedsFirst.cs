using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Sampling;

/// <summary>
/// Proposes the configurations that the user wants to see first, and then those of another sampler, which sees them as trials.
/// What a seed trial leaves open is drawn at random. One that the space does not have is passed over.
/// </summary>
public sealed class SeedsFirst(ISampler then) : ISampler
{
    public string Name => then.Name;

    /// <summary>Who proposes after them.</summary>
    public ISampler Then => then;

    public string? RefusalOf(ParameterSpace space) => then.RefusalOf(space);

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        // A population's replacements are not proposed by the search and use up no seed.
        int proposed = history.SeedTrials.Count == 0 ? 0 : history.Proposed;
        if (count <= 0 || proposed >= history.SeedTrials.Count)
            return then.Propose(history, count, random);

        List<Proposal> seeds = [.. Usable(history, random).Skip(proposed).Take(count).Select((seed, i) => new Proposal(history.NextNumber + i, seed))];
        return [.. seeds, .. then.Propose(history.With(seeds), count - seeds.Count, random)];
    }

    private static IEnumerable<Assignment> Usable(SearchHistory history, SearchRandom random) => history.SeedTrials
        .Select((seed, i) => Draw.Next(history.Space, seed, i + 1, random))
        .Where(complete => complete is not null && history.Space.Contains(complete))
        .Select(complete => complete!);
}

/// <summary>A history as it will be.</summary>
internal static class SearchHistoryExtensions
{
    /// <summary>This history with proposals as trials at work.</summary>
    public static SearchHistory With(this SearchHistory history, IReadOnlyList<Proposal> proposals) => proposals.Count == 0
        ? history
        : history with
        {
            Trials = [.. history.Trials, .. proposals.Select(p => new TrialRecord(p.Number, p.Assignment, null))],
            Proposed = history.Proposed + proposals.Count,
        };
}
