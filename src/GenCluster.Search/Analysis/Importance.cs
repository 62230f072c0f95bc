using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Core.Search;

namespace GenCluster.Search.Analysis;

/// <summary>How much of an objective's variance over the search space a hyperparameter explains by itself.</summary>
/// <param name="Share">From 0 to 1.</param>
public sealed record ParameterImportance(string Path, double Share);

/// <summary>What two hyperparameters explain together and neither of them alone.</summary>
/// <param name="Share">From 0 to 1.</param>
public sealed record Interaction(string First, string Second, double Share);

/// <summary>
/// Which hyperparameters matter: functional analysis of variance on a random forest (Hutter, Hoos and Leyton-Brown 2014).
/// The variance is that under the search space's own distributions, so a parameter of a wide range that was searched on a
/// logarithmic scale is weighed on that scale. A hyperparameter that a trial does not have is imputed by its middle value.
/// </summary>
/// <param name="Metric">The objective that is explained.</param>
/// <param name="Trials">How many trials it is made from: those that were trained to their end, at most <see cref="MaxTrials"/> of them.</param>
/// <param name="Parameters">From the most important to the least; empty when the trials cannot tell.</param>
/// <param name="Interactions">Between the most important ones, the strongest first.</param>
/// <param name="Silence">Why nothing can be told; null when something can.</param>
public sealed record Importance(
    string Metric, int Trials, IReadOnlyList<ParameterImportance> Parameters, IReadOnlyList<Interaction> Interactions, string? Silence = null)
{
    public const int MinTrials = 8;
    public const int MaxTrials = 1_000;

    private const int Trees = 64;
    private const int SmallestRegion = 2;
    private const int Interacting = 6;
    private const byte Use = 250; // tells these draws from those of a sampler

    /// <param name="assignments">Of trials that were trained to their end.</param>
    /// <param name="values">What each of them reached: finite numbers.</param>
    /// <param name="random">The same gives the same answer.</param>
    public static Importance Of(string metric, ParameterSpace space, IReadOnlyList<Assignment> assignments, IReadOnlyList<double> values, SearchRandom random)
    {
        Parameter[] parameters = [.. space.Parameters.Where(p => p.Distribution.Count is not 1)];
        int[] chosen = Spread(assignments.Count);
        double[][] points = [.. chosen.Select(i => UnitPoints.Of(assignments[i], parameters))];
        double[] y = [.. chosen.Select(i => values[i])];
        return SilenceOf(parameters, y) is { } silence
            ? new Importance(metric, chosen.Length, [], [], silence)
            : Explain(metric, parameters, Forest(points, y, random), chosen.Length);
    }

    private static string? SilenceOf(Parameter[] parameters, double[] y)
    {
        if (parameters.Length == 0)
            return "nothing is searched";
        if (y.Length < MinTrials)
            return $"{MinTrials} trials that were trained to their end are needed, and there are {y.Length}";
        return y.Min() == y.Max() ? "all trials have the same value" : null;
    }

    /// <summary>Not more than are answered for in a moment, evenly over all.</summary>
    private static int[] Spread(int count) =>
        count <= MaxTrials ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, MaxTrials).Select(i => (int)((long)i * count / MaxTrials))];

    private static FunctionalAnova[] Forest(double[][] points, double[] y, SearchRandom random)
    {
        double scale = y.Max(Math.Abs);
        double[] scaled = [.. y.Select(v => v / scale)]; // squares of it stay finite
        return [.. Enumerable.Range(0, Trees).AsParallel().AsOrdered().Select(tree =>
        {
            var draws = new RandomStream(random.Seed, new StreamAddress(StreamPurpose.Search, (uint)tree, Use));
            int[] rows = [.. points.Select(_ => draws.NextInt(points.Length))];
            return new FunctionalAnova(RegressionTree.Grow(points, scaled, rows, SmallestRegion));
        })];
    }

    private static Importance Explain(string metric, Parameter[] parameters, FunctionalAnova[] forest, int trials)
    {
        FunctionalAnova[] telling = [.. forest.Where(t => t.Variance > 0)];
        int[] order = [.. Enumerable.Range(0, parameters.Length)];
        double[] shares = [.. order.Select(p => Mean(telling, t => t.VarianceOf(p) / t.Variance))];
        order = [.. order.OrderByDescending(p => shares[p]).ThenBy(p => p)];
        int[] first = [.. order.Take(Interacting)];
        var interactions = from i in Enumerable.Range(0, first.Length)
                           from j in Enumerable.Range(i + 1, first.Length - i - 1)
                           let share = Mean(telling, t => t.VarianceOf(first[i], first[j]) / t.Variance)
                           orderby share descending
                           select new Interaction(parameters[first[i]].Path, parameters[first[j]].Path, share);
        return new Importance(metric, trials, [.. order.Select(p => new ParameterImportance(parameters[p].Path, shares[p]))], [.. interactions]);
    }

    private static double Mean(FunctionalAnova[] trees, Func<FunctionalAnova, double> share) =>
        trees.Length == 0 ? 0 : Math.Clamp(trees.Average(share), 0, 1);
}
