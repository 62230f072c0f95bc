using GenCluster.Core.Randomness;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>
/// A density over some axes: a mixture with one kernel for each observation and one for the prior, each a product over the
/// axes (Bergstra et al. 2011; over several axes at once Falkner et al. 2018, "BOHB").
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly IKernels[] kernels;
    private readonly double[] weights;
    private readonly double[] logWeights;

    /// <param name="observed">Coordinates on each axis, from the oldest observation to the newest.</param>
    public ParzenEstimator(IReadOnlyList<Axis> axes, double[][] observed, TpeOptions options)
    {
        kernels = [.. axes.Select((axis, i) => KernelsOf(axis, [.. observed.Select(point => point[i])], axes.Count, options))];
        double[] raw = Bandwidths.Weights(observed.Length, options.PriorWeight);
        double sum = raw.Sum();
        weights = sum > 0 ? [.. raw.Select(w => w / sum)] : [1]; // without observations only the prior is left, whatever its weight
        logWeights = [.. weights.Select(w => Math.Log(w))];
    }

    /// <summary>A point drawn from it.</summary>
    public double[] Draw(RandomStream stream)
    {
        double u = stream.NextDouble();
        int kernel = 0;
        while (kernel < weights.Length - 1 && (u -= weights[kernel]) >= 0)
            kernel++;
        return [.. kernels.Select(k => k.Draw(kernel, stream))];
    }

    /// <summary>The logarithm of the density at a point.</summary>
    /// <param name="scratch">Room for a number for each observation and one more.</param>
    public double Log(double[] point, double[] scratch)
    {
        var sums = scratch.AsSpan(0, weights.Length);
        logWeights.CopyTo(sums);
        for (int i = 0; i < kernels.Length; i++)
            kernels[i].AddLogs(point[i], sums);

        double max = double.NegativeInfinity;
        foreach (double sum in sums)
            max = Math.Max(max, sum);
        if (double.IsNegativeInfinity(max))
            return max;
        double total = 0;
        foreach (double sum in sums)
            total += sum - max > -40 ? Math.Exp(sum - max) : 0; // what is too small to count costs no exponential
        return max + Math.Log(total);
    }

    private static IKernels KernelsOf(Axis axis, double[] observed, int axes, TpeOptions options) => axis.IsChoice
        ? new ChoiceKernels(axis, observed, options)
        : new IntervalKernels(axis, observed, options.Multivariate ? Bandwidths.Joint(observed.Length, axes, options) : Bandwidths.ByGaps(observed, options));
}
