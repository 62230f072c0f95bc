using GenCluster.Search.Numerics;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// Climbs the logarithm of the expected improvement: real hyperparameters together along the gradient, then discrete ones
/// and choices one after another through their values, again and again until nothing is better.
/// </summary>
internal sealed class LocalSearch(Features features, GaussianProcess process)
{
    private const int Rounds = 4, Evaluations = 30;

    /// <summary>Of more values only some are looked at, near and far.</summary>
    private const int FewValues = 16;

    private static readonly double[] Jumps = [-0.3, -0.1, -0.03, 0.03, 0.1, 0.3];

    private readonly double best = process.Best;

    private Axes Axes => features.Axes;

    /// <summary>The logarithm of the expected improvement.</summary>
    public double Improvement(double[] point)
    {
        var (mean, variance) = process.At(features.Of(point));
        return LogImprovement.At(mean, Math.Sqrt(variance), best).Value;
    }

    /// <summary>The best point met on the way up, and its improvement.</summary>
    public (double[] Point, double Value) From(double[] start)
    {
        double[] point = [.. start];
        double value = double.NegativeInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            value = ClimbReal(point);
            if (!TryDiscrete(ref point, ref value))
                break;
        }

        return (point, value);
    }

    private double ClimbReal(double[] point)
    {
        int[] real = [.. Enumerable.Range(0, Axes.Count).Where(i => Axes.All[i].IsReal && !double.IsNaN(point[i]))];
        if (real.Length == 0)
            return Improvement(point);

        double[] at = features.Of(point), byMean = new double[at.Length], byVariance = new double[at.Length];
        double[] x = [.. real.Select(i => point[i])];
        double loss = BoxMinimizer.Minimize(
            Loss, x, new double[real.Length], [.. Enumerable.Repeat(Math.BitDecrement(1.0), real.Length)], Evaluations, tolerance: 1e-4);
        for (int i = 0; i < real.Length; i++)
            point[real[i]] = x[i];
        return -loss;

        double Loss(ReadOnlySpan<double> x, Span<double> gradient)
        {
            for (int i = 0; i < real.Length; i++)
                at[real[i]] = x[i];
            var (mean, variance) = process.At(at, byMean, byVariance);
            double deviation = Math.Sqrt(variance);
            var improvement = LogImprovement.At(mean, deviation, best);
            for (int i = 0; i < real.Length; i++)
                gradient[i] = -(improvement.ByMean * byMean[real[i]] + improvement.ByDeviation * byVariance[real[i]] / (2 * deviation));
            return -improvement.Value;
        }
    }

    /// <summary>Whether a change of one discrete hyperparameter or more was for the better.</summary>
    private bool TryDiscrete(ref double[] point, ref double value)
    {
        bool isBetter = false;
        for (int i = 0; i < Axes.Count; i++)
        {
            if (Axes.All[i].IsReal || double.IsNaN(point[i]))
                continue;
            foreach (double position in Others(Axes.All[i], point[i]))
            {
                double[] changed = Changed(point, i, position);
                double candidate = Axes.Admits(changed) ? Improvement(changed) : double.NegativeInfinity;
                if (candidate > value)
                    (point, value, isBetter) = (changed, candidate, true);
            }
        }

        return isBetter;
    }

    /// <summary>The point with another position on one axis. What it has only then lies in the middle.</summary>
    private double[] Changed(double[] point, int axis, double position) => Axes.PointAt(i =>
        i == axis ? position : double.IsNaN(point[i]) ? 0.5 : Axes.All[i].PositionOf(point[i]));

    private static IEnumerable<double> Others(Axis axis, double coordinate)
    {
        if (axis.IsChoice)
            return Enumerable.Range(0, axis.Choices.Count).Select(i => axis.PositionOf(i));
        double width = 2 * axis.HalfWidth;
        return 1 / width <= FewValues
            ? Enumerable.Range(0, (int)Math.Round(1 / width)).Select(i => (i + 0.5) * width)
            : Jumps.Append(-width).Append(width).Select(jump => coordinate + jump).Where(position => position is >= 0 and < 1);
    }
}
