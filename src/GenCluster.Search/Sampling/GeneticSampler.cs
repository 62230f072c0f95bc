using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling.Evolution;

namespace GenCluster.Search.Sampling;

/// <summary>
/// A genetic algorithm without generations: parents are chosen by tournaments among the last trials and the best of all
/// (elitism), so that nobody waits for a generation to be complete. Numbers cross by blending (BLX-α, Eshelman and Schaffer
/// 1993), all else uniformly, and mutate by a normal step or a new draw. With several objectives parents are ranked by fronts.
/// </summary>
public sealed class GeneticSampler : ISampler
{
    public string Name => "genetic";

    public IReadOnlyList<Proposal> Propose(SearchHistory history, int count, SearchRandom random)
    {
        var options = AlgorithmOptions.OfSampler(Name, history);
        var all = Finished.All(history).ToList();
        var ranked = all.Count < options.Integer("population") ? [] : Pool(all, options);
        return [.. Enumerable.Range(history.NextNumber, Math.Max(0, count))
            .Select(number => (number, Child: Child(history.Space, ranked, options, random.ForPath("genetic").For(number))))
            .TakeWhile(p => p.Child is not null).Select(p => new Proposal(p.number, p.Child!))];
    }

    /// <summary>The last trials and the best of all, from the best to the worst.</summary>
    private static IReadOnlyList<Finished> Pool(List<Finished> all, AlgorithmOptions options)
    {
        var pool = Finished.Order(all).Take(options.Integer("elite")).Concat(all.TakeLast(options.Integer("population")));
        return Finished.Order([.. pool.Distinct<Finished>(ReferenceEqualityComparer.Instance)]);
    }

    private static Assignment? Child(ParameterSpace space, IReadOnlyList<Finished> ranked, AlgorithmOptions options, RandomStream stream)
    {
        if (ranked is [])
            return Breeding.Child(space, stream, () => _ => null);
        double mutation = options.Number("mutationProbability") is > 0 and var given ? given : 1.0 / Math.Max(1, space.Parameters.Length);
        return Breeding.Child(space, stream, () =>
        {
            var (mother, father) = (Winner(ranked, options, stream), Winner(ranked, options, stream));
            bool crosses = stream.NextDouble() < options.Number("crossoverProbability");
            return p => Mutated(p, crosses ? Crossed(p, mother, father, options, stream) : Breeding.PlaceOf(p, mother), mutation, options, stream);
        });
    }

    private static Assignment Winner(IReadOnlyList<Finished> ranked, AlgorithmOptions options, RandomStream stream) =>
        ranked[Enumerable.Range(0, options.Integer("tournament")).Min(_ => stream.NextInt(ranked.Count))].Assignment;

    private static double? Crossed(Parameter parameter, Assignment mother, Assignment father, AlgorithmOptions options, RandomStream stream)
    {
        double? a = Breeding.PlaceOf(parameter, mother), b = Breeding.PlaceOf(parameter, father);
        double lot = stream.NextDouble();
        if (a is not { } x || b is not { } y)
            return a ?? b;
        if (!parameter.Distribution.IsOrdered || options.Text("crossover") is "uniform")
            return lot < 0.5 ? x : y;
        double alpha = options.Number("blend");
        return x + (lot * (1 + 2 * alpha) - alpha) * (y - x);
    }

    private static double? Mutated(Parameter parameter, double? place, double probability, AlgorithmOptions options, RandomStream stream)
    {
        double lot = stream.NextDouble(), step = Breeding.Normal(stream) * options.Number("mutationScale");
        if (place is not { } old || lot >= probability)
            return place;
        return parameter.Distribution.IsOrdered ? old + step : null;
    }
}
