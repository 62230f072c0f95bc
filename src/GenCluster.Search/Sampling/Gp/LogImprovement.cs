using GenCluster.Core.Parameters.Quantiles;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// The logarithm of the expected improvement over the best value (Ament et al. 2023, "Unexpected improvements to expected
/// improvement", section 4.1). Where the improvement itself is too small for a number, its logarithm still has a slope.
/// </summary>
internal static class LogImprovement
{
    /// <summary>Below this, 1 - |z| Mills(z) has lost its digits and is 1 / z² to all of those that count.</summary>
    private const double FarTail = -1e5;

    /// <summary>ln EI, and its derivatives by the mean and by the standard deviation.</summary>
    public static (double Value, double ByMean, double ByDeviation) At(double mean, double deviation, double best)
    {
        double z = (best - mean) / deviation;
        var (log, density, probability) = H(z);
        return (Math.Log(deviation) + log, -probability / deviation, density / deviation);
    }

    /// <summary>ln h(z) of h(z) = φ(z) + z Φ(z), and φ / h and Φ / h.</summary>
    private static (double Log, double Density, double Probability) H(double z)
    {
        if (z > -1)
        {
            double density = Math.Exp(StandardNormal.LogDensity(z)), probability = StandardNormal.Below(z);
            double h = density + z * probability;
            return (Math.Log(h), density / h, probability / h);
        }

        double mills = StandardNormal.Mills(z);
        double rest = z > FarTail ? 1 + z * mills : 1 / (z * z); // h / φ
        return (StandardNormal.LogDensity(z) + Math.Log(rest), 1 / rest, mills / rest);
    }
}
