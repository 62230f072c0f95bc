using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;
using GenCluster.Search.Sampling.Evolution;

namespace GenCluster.Search.Sampling.CmaEs;

/// <summary>
/// Generations are trials in the order of their numbers, λ at a time. One that is complete moves the distribution; those after a
/// gap wait for it. When the distribution has settled, the search begins anew elsewhere with a larger generation (IPOP: Auger
/// and Hansen 2005).
/// </summary>
internal sealed class CmaEsSearch
{
    private const double SmallestStep = 1e-12, SmallestRange = 1e-12, LargestCondition = 1e14;

    /// <summary>How often a point outside the cube is drawn again before it is moved to its border.</summary>
    private const int Tries = 100;

    /// <summary>
    /// A number on steps is never held to one of them: its standard deviation is at least this part of a step, so that another is
    /// drawn one time in ten (the concern of Hamano et al. 2022, met more simply).
    /// </summary>
    private const double LeastOfStep = 0.3;

    /// <summary>How often a choice is drawn from its distribution and not from the last parents.</summary>
    private const double Fresh = 0.2;

    private readonly SearchHistory history;
    private readonly AlgorithmOptions options;
    private readonly SearchRandom random;
    private readonly Parameter[] coordinates;
    private readonly List<double> bests = [];
    private CmaEsConstants constants;
    private CmaEsState state;
    private IReadOnlyList<Finished> parents = [];

    public CmaEsSearch(SearchHistory history, AlgorithmOptions options, SearchRandom random)
    {
        (this.history, this.options, this.random) = (history, options, random);
        coordinates = Coordinates(history.Space);
        int lambda = options.Integer("population") is > 0 and var given ? Math.Max(4, given) : CmaEsConstants.DefaultLambda(coordinates.Length);
        constants = new CmaEsConstants(Math.Max(1, coordinates.Length), lambda);
        state = new CmaEsState(constants, Start(), options.Number("sigma"));
        if (coordinates.Length > 0)
            Run();
    }

    public int Restarts { get; private set; }

    public CmaEsState State => state;

    /// <summary>Hyperparameters that it moves: those in which near values are similar.</summary>
    public static Parameter[] Coordinates(ParameterSpace space) => [.. space.Parameters.Where(p => p.Distribution.IsOrdered && p.Distribution.Count != 1)];

    /// <summary>A configuration for the trial of this number; null when constraints leave none.</summary>
    public Assignment? Draw(int number)
    {
        var stream = random.ForPath("cmaes").For(number);
        return Breeding.Child(history.Space, stream, () =>
        {
            double[] point = Point(stream);
            return p => Array.IndexOf(coordinates, p) is var i and >= 0 ? point[i] : Chosen(p, stream);
        });
    }

    private void Run()
    {
        Queue<Finished?> trials = new(history.Trials.Where(t => t.Replaces is null).OrderBy(t => t.Number).Select(t => Finished.Of(history, t)));
        while (trials.Count >= constants.Lambda)
        {
            List<Finished?> generation = [.. Enumerable.Range(0, constants.Lambda).Select(_ => trials.Dequeue())];
            if (generation.Contains(null))
                return;
            parents = [.. Finished.Order([.. generation.OfType<Finished>()]).Take(constants.Mu)];
            state = state.After([.. parents.Select(p => PointOf(p.Assignment))]);
            bests.Add(parents[0].Result.Costs[0]);
            if (options.Flag("restarts") && IsSettled())
                Restart();
        }
    }

    private void Restart()
    {
        Restarts++;
        constants = new CmaEsConstants(coordinates.Length, (int)(constants.Lambda * options.Number("populationFactor")));
        var stream = random.ForPath("cmaes.restart").For(Restarts);
        state = new CmaEsState(constants, [.. coordinates.Select(_ => stream.NextDouble())], options.Number("sigma"));
        bests.Clear();
        parents = [];
    }

    private bool IsSettled()
    {
        int window = 10 + (int)Math.Ceiling(30.0 * coordinates.Length / constants.Lambda);
        return state.Extent < SmallestStep * options.Number("sigma") || state.Condition > LargestCondition
            || (bests.Count >= window && bests.TakeLast(window).Max() - bests.TakeLast(window).Min() is < SmallestRange or double.NaN);
    }

    private double[] Start()
    {
        var known = history.Evidence.Where(e => e.Values.Count > 0 && double.IsFinite(e.Values[0])).ToList();
        var best = known is [] ? null : known.Aggregate((a, b) => history.Objective.IsBetter(b.Values[0], a.Values[0]) ? b : a);
        return [.. coordinates.Select(p => best is not null && Breeding.PlaceOf(p, best.Assignment) is { } place ? place : 0.5)];
    }

    /// <summary>A hyperparameter that a trial does not have is taken to be where the mean is: it moves nothing.</summary>
    private double[] PointOf(Assignment assignment) => [.. coordinates.Select((p, i) => Breeding.PlaceOf(p, assignment) ?? state.Mean[i])];

    private double[] Point(RandomStream stream)
    {
        double[] point = [];
        for (int i = 0; i < Tries; i++)
        {
            double[] step = state.Step([.. coordinates.Select(_ => Breeding.Normal(stream))]);
            point = [.. coordinates.Select((p, k) => state.Mean[k] + step[k] * Widening(p, k))];
            if (Array.TrueForAll(point, x => x is >= 0 and < 1))
                break;
        }

        return point;
    }

    private double Widening(Parameter parameter, int coordinate) =>
        parameter.Distribution.Count is { } count ? Math.Max(1, LeastOfStep / count / state.Deviation(coordinate)) : 1;

    /// <summary>Choices have no order to move in: one is taken from a parent of the last generation, by weight, or drawn.</summary>
    private double? Chosen(Parameter parameter, RandomStream stream)
    {
        double lot = stream.NextDouble(), weight = stream.NextDouble();
        if (lot < Fresh || parents is [])
            return null;
        int i = 0;
        while (i < parents.Count - 1 && weight >= constants.Weights[i])
            weight -= constants.Weights[i++];
        return Breeding.PlaceOf(parameter, parents[i].Assignment);
    }
}
