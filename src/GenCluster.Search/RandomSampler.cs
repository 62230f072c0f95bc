using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Search;

/// <summary>
/// Draws every hyperparameter from its distribution, independently of all others and of the history (Bergstra and
/// Bengio 2012). A value depends on the seed, the trial's number and the hyperparameter's path alone: adding or
/// removing a hyperparameter leaves the values of the others as they were, and so does asking in other portions.
/// </summary>
public sealed class RandomSampler : ISampler
{
    public string Name => "random";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        int first = history.NextNumber;
        return [.. Enumerable.Range(first, Math.Max(0, count)).Select(number => new Proposal(number, Draw(history.Space, number, random)))];
    }

    private static Assignment Draw(ParameterSpace space, int number, SearchRandom random) =>
        new([.. space.Parameters.Select(p => new Setting(p.Path, p.Distribution.Quantile(random.ForPath(p.Path).For(number).NextDouble())))]);
}
