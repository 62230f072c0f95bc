using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling;

/// <summary>
/// Draws every hyperparameter from its distribution, independently of all others and of the history (Bergstra and
/// Bengio 2012). What constraints forbid is drawn again. Asking in other portions gives the same.
/// </summary>
public sealed class RandomSampler : ISampler
{
    public string Name => "random";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        List<Proposal> proposals = [];
        for (int number = history.NextNumber; proposals.Count < count && Draw.Next(history.Space, number, random) is { } assignment; number++)
            proposals.Add(new Proposal(number, assignment));
        return proposals;
    }
}
