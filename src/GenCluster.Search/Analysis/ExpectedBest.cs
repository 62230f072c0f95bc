using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Analysis;

/// <summary>What a random search of so many trials would have found.</summary>
/// <param name="Mean">Of the best objective among that many.</param>
/// <param name="Deviation">Its standard deviation.</param>
public sealed record ExpectedBestPoint(int Trials, double Mean, double Deviation);

/// <summary>
/// The expected best objective against the number of trials, the honest way to compare searches of different budgets
/// (Lucic et al. 2018). They resample; here it is the exact expectation over all subsets of the trials: the best of k out of n
/// is the i-th best value with probability C(n-i, k-1) / C(n, k).
/// </summary>
public static class ExpectedBest
{
    private const int MostPoints = 200;

    /// <summary>The curve from one trial to all of them, at no more than 200 places.</summary>
    /// <param name="values">Finite numbers, in any order.</param>
    public static IReadOnlyList<ExpectedBestPoint> Of(IEnumerable<double> values, Goal goal)
    {
        double[] sorted = [.. goal is Goal.Minimize ? values.Order() : values.OrderDescending()];
        int points = Math.Min(sorted.Length, MostPoints);
        return [.. Enumerable.Range(1, points).Select(i => (int)((long)i * sorted.Length / points)).Prepend(1).Distinct().Where(k => k <= sorted.Length).Select(k => At(sorted, k))];
    }

    /// <param name="sorted">The best first.</param>
    private static ExpectedBestPoint At(double[] sorted, int k)
    {
        int n = sorted.Length;
        double weight = (double)k / n, mean = 0, square = 0;
        for (int i = 1; i <= n - k + 1; i++)
        {
            double difference = sorted[i - 1] - sorted[0]; // near zero, so that squares lose nothing
            mean += weight * difference;
            square += weight * difference * difference;
            weight *= (double)(n - i - k + 1) / Math.Max(1, n - i);
        }

        return new ExpectedBestPoint(k, sorted[0] + mean, Math.Sqrt(Math.Max(0, square - mean * mean)));
    }
}
