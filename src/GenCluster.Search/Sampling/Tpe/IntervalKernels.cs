using GenCluster.Core.Randomness;
using GenCluster.Search.Numerics;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>
/// Kernels over an ordered hyperparameter: normal distributions around the observed positions, cut off at the ends of the unit
/// interval, and the prior's in the middle, as wide as the interval. Of few values each has the probability of its share.
/// </summary>
internal sealed class IntervalKernels : IKernels
{
    /// <summary>Of more values than this the density at a value stands for the probability of its share.</summary>
    private const int FewValues = 64;

    private readonly Axis axis;
    private readonly double[] centers;
    private readonly double[] widths;
    private readonly double[] logNorms;
    private readonly double halfWidth;

    public IntervalKernels(Axis axis, double[] observed, double[] observedWidths)
    {
        this.axis = axis;
        centers = [.. observed, 0.5];
        widths = [.. observedWidths, 1];
        halfWidth = axis.HalfWidth >= 0.5 / FewValues ? axis.HalfWidth : 0;
        logNorms = [.. centers.Zip(widths, (center, width) => Math.Log(Normal.Mass(-center / width, (1 - center) / width)))];
    }

    public double Draw(int kernel, RandomStream stream)
    {
        var (center, width) = (centers[kernel], widths[kernel]);
        double below = Normal.Cdf(-center / width);
        double z = Normal.Quantile(below + stream.NextDouble() * Math.Exp(logNorms[kernel]));
        return axis.Snap(Math.Clamp(center + width * z, 0, Math.BitDecrement(1.0)));
    }

    public void AddLogs(double coordinate, Span<double> sums)
    {
        if (halfWidth > 0)
        {
            AddLogMasses(coordinate, sums);
            return;
        }

        double lastWidth = 0, logWidth = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            if (widths[i] != lastWidth) // mostly they are all the same
                (lastWidth, logWidth) = (widths[i], Math.Log(widths[i]));
            double z = (coordinate - centers[i]) / widths[i];
            sums[i] += -0.5 * z * z - Normal.LogRoot2Pi - logWidth - logNorms[i];
        }
    }

    private void AddLogMasses(double coordinate, Span<double> sums)
    {
        double low = Math.Max(0, coordinate - halfWidth), high = Math.Min(1, coordinate + halfWidth);
        Dictionary<(double, double), double> known = [];
        for (int i = 0; i < sums.Length; i++)
        {
            if (!known.TryGetValue((centers[i], widths[i]), out double log))
                known.Add((centers[i], widths[i]), log = Math.Log(Normal.Mass((low - centers[i]) / widths[i], (high - centers[i]) / widths[i])) - logNorms[i]);
            sums[i] += log;
        }
    }
}
