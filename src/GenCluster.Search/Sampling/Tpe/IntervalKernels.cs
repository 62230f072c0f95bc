using GenCluster.Core.Parameters.Quantiles;
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
    private readonly double[] below; // what the lower end cuts off
    private readonly double[] masses; // what both ends leave
    private readonly double[] peaks; // the logarithm of the density at the center
    private readonly double halfWidth;

    public IntervalKernels(Axis axis, double[] observed, double[] observedWidths)
    {
        this.axis = axis;
        centers = [.. observed, 0.5];
        widths = [.. observedWidths, 1];
        (below, masses, peaks) = (new double[centers.Length], new double[centers.Length], new double[centers.Length]);
        halfWidth = axis.HalfWidth >= 0.5 / FewValues ? axis.HalfWidth : 0;
        for (int i = 0; i < centers.Length; i++)
        {
            below[i] = StandardNormal.Below(-centers[i] / widths[i]);
            masses[i] = 1 - below[i] - StandardNormal.Below((centers[i] - 1) / widths[i]);
            peaks[i] = -Math.Log(widths[i] * masses[i]) - StandardNormal.LogRoot2Pi;
        }
    }

    public double Draw(int kernel, RandomStream stream)
    {
        double z = StandardNormal.Quantile(below[kernel] + stream.NextDouble() * masses[kernel]);
        return axis.Snap(Math.Clamp(centers[kernel] + widths[kernel] * z, 0, Math.BitDecrement(1.0)));
    }

    public void AddLogs(double coordinate, Span<double> sums)
    {
        if (halfWidth > 0)
            AddLogMasses(coordinate, sums);
        else
            Vectors.AddParabolas(sums, coordinate, centers, widths, peaks);
    }

    private void AddLogMasses(double coordinate, Span<double> sums)
    {
        double low = Math.Max(0, coordinate - halfWidth), high = Math.Min(1, coordinate + halfWidth);
        Dictionary<(double, double), double> known = []; // many kernels are equal
        for (int i = 0; i < sums.Length; i++)
        {
            if (!known.TryGetValue((centers[i], widths[i]), out double log))
                known.Add((centers[i], widths[i]), log = Math.Log(StandardNormal.Mass((low - centers[i]) / widths[i], (high - centers[i]) / widths[i]) / masses[i]));
            sums[i] += log;
        }
    }
}
