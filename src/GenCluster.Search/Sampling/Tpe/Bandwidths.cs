namespace GenCluster.Search.Sampling.Tpe;

/// <summary>How wide the kernels are, as parts of the unit interval, and how much each weighs.</summary>
internal static class Bandwidths
{
    /// <summary>Trials that keep their full weight; older ones fade.</summary>
    private const int Recent = 25;

    /// <summary>
    /// One width for all kernels of a mixture over several hyperparameters: Scott's rule (1992), scaled to the unit interval as
    /// in Optuna.
    /// </summary>
    public static double[] Joint(int kernels, int axes, TpeOptions options)
    {
        double width = 0.2 * Math.Pow(Math.Max(kernels, 1), -1.0 / (axes + 4));
        return [.. Enumerable.Repeat(Clip(width, kernels, options), kernels)];
    }

    /// <summary>
    /// For each kernel the larger gap to its neighbours (Bergstra et al. 2011, section 4). The ends of the interval are
    /// neighbours only when asked for, or of one that has no other.
    /// </summary>
    public static double[] ByGaps(double[] centers, TpeOptions options)
    {
        int n = centers.Length;
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => centers[i])];
        double[] widths = new double[n];
        for (int i = 0; i < n; i++)
        {
            double center = centers[order[i]];
            bool isFirst = i == 0, isLast = i == n - 1, usesEnds = options.ConsiderEndpoints || n == 1;
            double below = isFirst ? (usesEnds ? center : 0) : center - centers[order[i - 1]];
            double above = isLast ? (usesEnds ? 1 - center : 0) : centers[order[i + 1]] - center;
            widths[order[i]] = Clip(Math.Max(below, above), n, options);
        }

        return widths;
    }

    /// <summary>
    /// A weight for each of so many trials, from the oldest to the newest, and the prior's after them: 1 for the newest 25, and
    /// from 1/n up for those before.
    /// </summary>
    public static double[] Weights(int trials, double prior)
    {
        int older = Math.Max(0, trials - Recent);
        return
        [
            .. Enumerable.Range(0, older).Select(i => older == 1 ? 1.0 / trials : 1.0 / trials + (1 - 1.0 / trials) * i / (older - 1)),
            .. Enumerable.Repeat(1.0, trials - older),
            prior,
        ];
    }

    private static double Clip(double width, int kernels, TpeOptions options) =>
        Math.Clamp(width, options.MagicClip ? 1 / Math.Min(100.0, kernels + 2) : 1e-12, 1);
}
