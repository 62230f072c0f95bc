using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling.Evolution;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Sampling;

/// <summary>
/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan: A Fast and Elitist Multiobjective Genetic Algorithm, IEEE Transactions on
/// Evolutionary Computation 6(2), 2002) for any number of objectives. Its population is the best so many of all trials by front
/// and crowding, so each trial that ends is used at once (the steady state of Nebro and Durillo 2008).
/// </summary>
public sealed class NsgaSampler : ISampler
{
    public string Name => "nsga2";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        var options = AlgorithmOptions.OfSampler(Name, history);
        var all = Finished.All(history).ToList();
        int population = options.Integer("population");
        var parents = all.Count < population ? [] : Survivors(all, population);
        return [.. Enumerable.Range(history.NextNumber, Math.Max(0, count))
            .Select(number => (number, Child: Child(history.Space, parents, options, random.ForPath("nsga2").For(number))))
            .TakeWhile(p => p.Child is not null).Select(p => new Proposal(p.number, p.Child!))];
    }

    /// <summary>The best by front, and within a front those with the most room around them, in this order.</summary>
    internal static List<Finished> Survivors(IReadOnlyList<Finished> all, int population)
    {
        List<Finished> survivors = [];
        int[] fronts = Finished.Fronts(all);
        foreach (var front in all.Index().GroupBy(f => fronts[f.Index]).OrderBy(g => g.Key))
        {
            Finished[] members = [.. front.Select(f => f.Item)];
            double[] crowding = Crowding.Distances([.. members.Select(m => m.Result)]);
            survivors.AddRange(members.Index().OrderByDescending(m => crowding[m.Index]).Select(m => m.Item).Take(population - survivors.Count));
            if (survivors.Count == population)
                break;
        }

        return survivors;
    }

    private static Assignment? Child(ParameterSpace space, List<Finished> parents, AlgorithmOptions options, RandomStream stream)
    {
        if (parents is [])
            return Breeding.Child(space, stream, () => _ => null);
        double mutation = options.Number("mutationProbability") is > 0 and var given ? given : 1.0 / Math.Max(1, space.Parameters.Length);
        return Breeding.Child(space, stream, () =>
        {
            // A binary tournament by the crowded comparison: the survivors are in its order.
            Assignment Winner() => parents[Math.Min(stream.NextInt(parents.Count), stream.NextInt(parents.Count))].Assignment;
            var (mother, father) = (Winner(), Winner());
            bool crosses = stream.NextDouble() < options.Number("crossoverProbability");
            return p =>
            {
                double? place = crosses ? Crossed(p, mother, father, options, stream) : Breeding.PlaceOf(p, mother);
                double lot = stream.NextDouble(), u = stream.NextDouble();
                if (place is not { } old || lot >= mutation)
                    return place;
                return p.Distribution.IsOrdered ? Variation.Polynomial(old, options.Number("mutationIndex"), u) : null;
            };
        });
    }

    private static double? Crossed(Parameter parameter, Assignment mother, Assignment father, AlgorithmOptions options, RandomStream stream)
    {
        double? a = Breeding.PlaceOf(parameter, mother), b = Breeding.PlaceOf(parameter, father);
        double whether = stream.NextDouble(), which = stream.NextDouble(), u = stream.NextDouble();
        if (a is not { } x || b is not { } y)
            return a ?? b;
        if (!parameter.Distribution.IsOrdered || whether >= 0.5)
            return which < 0.5 ? x : y;
        var (low, high) = Variation.SimulatedBinary(x, y, options.Number("crossoverIndex"), u);
        return which < 0.5 ? low : high;
    }
}
