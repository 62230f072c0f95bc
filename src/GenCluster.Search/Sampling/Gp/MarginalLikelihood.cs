using GenCluster.Search.Numerics;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// How well hyperparameters explain the data: the logarithm of their posterior density, with its gradient. The likelihood is
/// equation 5.8, its gradient 5.9 of Rasmussen and Williams (2006). The priors are those of Optuna: scale ~ Gamma(2, 1), noise ~
/// Gamma(1.1, 30), and for each weight exp(-(0.1 / w + 0.1 w)), which keeps it from vanishing and from growing without end.
/// </summary>
internal sealed class MarginalLikelihood
{
    private readonly double[] targets;
    private readonly double[][] distances; // for each feature the squared distances of all pairs i > j
    private readonly double minNoise;
    private readonly int size;

    public MarginalLikelihood(Features features, double[][] points, double[] targets, double minNoise)
    {
        (this.targets, this.minNoise) = (targets, minNoise);
        size = points.Length;
        distances = [.. Enumerable.Range(0, features.Count).Select(f => Pairs((i, j) => features.SquaredDistance(f, points[i][f], points[j][f])))];
    }

    public int Parameters => distances.Length + 2;

    /// <summary>The hyperparameters with these logarithms: of the weights, the scale, and the noise above the least.</summary>
    public KernelSettings At(ReadOnlySpan<double> logs)
    {
        double[] weights = new double[distances.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Math.Exp(logs[i]);
        return new KernelSettings(weights, Math.Exp(logs[^2]), minNoise + Math.Exp(logs[^1]));
    }

    /// <summary>Minus the logarithm of the posterior density, up to a constant; its gradient by the logarithms.</summary>
    public double Loss(ReadOnlySpan<double> logs, Span<double> gradient)
    {
        var at = At(logs);
        var (kernel, slopes) = Kernel(at);
        var cholesky = Cholesky.Of(kernel, size);
        double[] alpha = [.. targets];
        cholesky.Solve(alpha);
        double[] inverse = cholesky.Inverse();

        // Equation 5.9: ½ tr((α αᵀ - K⁻¹) ∂K/∂θ), for a weight over pairs with the slope of the kernel, each pair twice.
        double[] pull = Pairs((i, j) => alpha[i] * alpha[j] - inverse[i * size + j]);
        double bySignal = 0, trace = 0;
        for (int i = 0, pair = 0; i < size; i++)
        {
            double diagonal = alpha[i] * alpha[i] - inverse[i * size + i];
            trace += diagonal;
            bySignal += diagonal * at.Scale / 2;
            for (int j = 0; j < i; j++, pair++)
            {
                bySignal += pull[pair] * kernel[i * size + j];
                pull[pair] *= slopes[pair];
            }
        }

        for (int f = 0; f < distances.Length; f++)
            gradient[f] = -(at.Weights[f] * Vectors.Dot(pull, distances[f]) + 0.1 / at.Weights[f] - 0.1 * at.Weights[f]);
        double extra = at.Noise - minNoise;
        gradient[^2] = -(bySignal + 1 - at.Scale);
        gradient[^1] = -(extra * trace / 2 + extra * (0.1 / at.Noise - 30));
        double logPrior = -at.Weights.Sum(w => 0.1 / w + 0.1 * w) + Math.Log(at.Scale) - at.Scale + 0.1 * Math.Log(at.Noise) - 30 * at.Noise;
        return 0.5 * Vectors.Dot(targets, alpha) + 0.5 * cholesky.LogDeterminant - logPrior; // equation 5.8
    }

    /// <summary>The covariance of the data, its lower triangle; and for each pair the derivative by the squared distance.</summary>
    private (double[] Kernel, double[] Slopes) Kernel(KernelSettings at)
    {
        double[] squared = new double[size * (size - 1) / 2];
        for (int f = 0; f < distances.Length; f++)
            Vectors.Add(squared, at.Weights[f], distances[f]);

        double[] kernel = new double[size * size];
        for (int i = 0, pair = 0; i < size; i++)
        {
            kernel[i * size + i] = at.Scale + at.Noise;
            for (int j = 0; j < i; j++, pair++)
            {
                var (value, slope) = Matern.At(squared[pair]);
                (kernel[i * size + j], squared[pair]) = (at.Scale * value, at.Scale * slope);
            }
        }

        return (kernel, squared);
    }

    private double[] Pairs(Func<int, int, double> of)
    {
        double[] pairs = new double[size * (size - 1) / 2];
        for (int i = 0, pair = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
                pairs[pair++] = of(i, j);
        }

        return pairs;
    }
}
