using GenCluster.Search.Numerics;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// A Gaussian process given data (Rasmussen and Williams 2006, algorithm 2.1): what it expects at a point, and how sure it is
/// of it. The mean before any data is 0, so targets are to be standardised.
/// </summary>
internal sealed class GaussianProcess
{
    /// <summary>Observations that the settings are found from, at most.</summary>
    private const int FitSize = 128;

    private readonly Features features;
    private readonly double[][] points;
    private readonly double[] targets;
    private readonly Cholesky cholesky;
    private readonly double[] alpha;

    public GaussianProcess(Features features, KernelSettings settings, double[][] points, double[] targets)
    {
        (this.features, Settings, this.points, this.targets) = (features, settings, points, targets);
        int size = points.Length;
        double[] kernel = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
                kernel[i * size + j] = settings.Scale * Matern.At(SquaredDistance(points[i], points[j])).Value;
            kernel[i * size + i] = settings.Scale + settings.Noise;
        }

        cholesky = Cholesky.Of(kernel, size);
        alpha = [.. targets];
        cholesky.Solve(alpha);
    }

    public KernelSettings Settings { get; }

    /// <summary>The best target, a believed one included.</summary>
    public double Best => targets.Min();

    /// <summary>
    /// The settings that explain the data best (<see cref="MarginalLikelihood"/>), found from those of a smooth function with little
    /// noise. Of many observations the better half of <see cref="FitSize"/> are looked at, and as many spread over the rest: a
    /// look costs the cube of their number, and they say much the same.
    /// </summary>
    public static KernelSettings Fit(Features features, double[][] points, double[] targets, double minNoise)
    {
        int[] chosen = Representative(targets);
        var evidence = new MarginalLikelihood(features, [.. chosen.Select(i => points[i])], [.. chosen.Select(i => targets[i])], minNoise);
        double[] low = [.. Enumerable.Repeat(Math.Log(1e-4), features.Count), Math.Log(1e-3), Math.Log(1e-9)];
        double[] high = [.. Enumerable.Repeat(Math.Log(1e4), features.Count), Math.Log(1e3), Math.Log(1)];
        double[] logs = [.. Enumerable.Repeat(0.0, features.Count), 0, Math.Log(1e-3)];
        BoxMinimizer.Minimize(evidence.Loss, logs, low, high, evaluations: 40, tolerance: 1e-2);
        return evidence.At(logs);
    }

    private static int[] Representative(double[] targets)
    {
        if (targets.Length <= FitSize)
            return [.. Enumerable.Range(0, targets.Length)];
        int[] order = [.. Enumerable.Range(0, targets.Length).OrderBy(i => targets[i])];
        const int half = FitSize / 2;
        return [.. order[..half], .. Enumerable.Range(0, half).Select(i => order[half + i * (order.Length - half) / half])];
    }

    /// <summary>This process as if what it expects at some points had been seen there (Ginsbourger et al. 2010, the kriging believer).</summary>
    public GaussianProcess Believing(IReadOnlyList<double[]> running) => running.Count == 0
        ? this
        : new GaussianProcess(features, Settings, [.. points, .. running], [.. targets, .. running.Select(p => At(p).Mean)]);

    /// <summary>Mean and variance of the function at a point.</summary>
    public (double Mean, double Variance) At(double[] point)
    {
        double[] k = [.. points.Select(p => Settings.Scale * Matern.At(SquaredDistance(point, p)).Value)];
        double mean = Vectors.Dot(k, alpha);
        cholesky.SolveLower(k);
        return (mean, Positive(Settings.Scale - Vectors.Dot(k, k)));
    }

    /// <summary>Mean and variance, and their gradients by the features; those of choices are 0.</summary>
    public (double Mean, double Variance) At(double[] point, Span<double> meanGradient, Span<double> varianceGradient)
    {
        double[] k = new double[points.Length], slopes = new double[points.Length];
        for (int i = 0; i < k.Length; i++)
        {
            var (value, slope) = Matern.At(SquaredDistance(point, points[i]));
            (k[i], slopes[i]) = (Settings.Scale * value, Settings.Scale * slope);
        }

        double[] solved = [.. k];
        cholesky.Solve(solved);
        meanGradient.Clear();
        varianceGradient.Clear();
        for (int i = 0; i < k.Length; i++)
        {
            for (int f = 0; f < point.Length; f++)
            {
                if (features.IsChoice(f))
                    continue;
                double derivative = slopes[i] * 2 * Settings.Weights[f] * (point[f] - points[i][f]);
                meanGradient[f] += alpha[i] * derivative;
                varianceGradient[f] -= 2 * solved[i] * derivative;
            }
        }

        return (Vectors.Dot(k, alpha), Positive(Settings.Scale - Vectors.Dot(k, solved)));
    }

    /// <summary>Rounding takes a variance near 0 below it.</summary>
    private static double Positive(double variance) => Math.Max(variance, 1e-12);

    private double SquaredDistance(double[] left, double[] right)
    {
        double sum = 0;
        for (int f = 0; f < left.Length; f++)
            sum += Settings.Weights[f] * features.SquaredDistance(f, left[f], right[f]);
        return sum;
    }
}
