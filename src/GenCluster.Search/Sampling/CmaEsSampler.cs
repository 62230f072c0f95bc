using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling.CmaEs;

namespace GenCluster.Search.Sampling;

/// <summary>
/// CMA-ES (Hansen and Ostermeier 2001) with restarts, on the places of values in the unit interval. It moves numbers; choices
/// follow the better trials independently of each other and of the numbers. Of several objectives it sees the first.
/// </summary>
public sealed class CmaEsSampler : ISampler
{
    public string Name => "cmaes";

    public string? RefusalOf(ParameterSpace space) =>
        CmaEsSearch.Coordinates(space) is [] && Array.Exists(space.Parameters, p => p.Distribution.Count != 1)
            ? "it moves numbers, and there are only choices; use random, tpe or genetic"
            : null;

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        if (count <= 0)
            return [];
        var first = history with { Comparison = history.Comparison with { Others = [] } };
        var search = new CmaEsSearch(first, AlgorithmOptions.OfSampler(Name, history), random);
        return [.. Enumerable.Range(history.NextNumber, count)
            .Select(number => (number, Drawn: search.Draw(number))).TakeWhile(p => p.Drawn is not null).Select(p => new Proposal(p.number, p.Drawn!))];
    }
}
