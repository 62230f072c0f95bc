using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenCluster.Search.Numerics;

/// <summary>
/// Sums over spans, always in the same order: four lanes, whatever the machine's vectors are. So a proposal is the same on
/// every machine, which System.Numerics.Tensors does not promise.
/// </summary>
internal static class Vectors
{
    private const int Lanes = 4;

    /// <summary>Σ x y.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var xs = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var ys = MemoryMarshal.Cast<double, Vector256<double>>(y)[..xs.Length];
        Vector256<double> even = default, odd = default;
        int i = 0;
        for (; i + 1 < xs.Length; i += 2)
        {
            even += xs[i] * ys[i];
            odd += xs[i + 1] * ys[i + 1];
        }

        if (i < xs.Length)
            even += xs[i] * ys[i];
        var lanes = even + odd;
        double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (i = xs.Length * Lanes; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>y += factor x.</summary>
    public static void Add(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        var ys = MemoryMarshal.Cast<double, Vector256<double>>(y);
        var xs = MemoryMarshal.Cast<double, Vector256<double>>(x)[..ys.Length];
        for (int i = 0; i < ys.Length; i++)
            ys[i] += factor * xs[i];
        for (int i = ys.Length * Lanes; i < y.Length; i++)
            y[i] += factor * x[i];
    }

    /// <summary>sums += peaks - ½ ((x - centers) / widths)²: the logarithms of normal densities at x.</summary>
    public static void AddParabolas(Span<double> sums, double x, ReadOnlySpan<double> centers, ReadOnlySpan<double> widths, ReadOnlySpan<double> peaks)
    {
        var s = MemoryMarshal.Cast<double, Vector256<double>>(sums);
        var c = MemoryMarshal.Cast<double, Vector256<double>>(centers)[..s.Length];
        var w = MemoryMarshal.Cast<double, Vector256<double>>(widths)[..s.Length];
        var p = MemoryMarshal.Cast<double, Vector256<double>>(peaks)[..s.Length];
        var at = Vector256.Create(x);
        for (int i = 0; i < s.Length; i++)
        {
            var z = (at - c[i]) / w[i];
            s[i] += p[i] - 0.5 * (z * z);
        }

        for (int i = s.Length * Lanes; i < sums.Length; i++)
        {
            double z = (x - centers[i]) / widths[i];
            sums[i] += peaks[i] - 0.5 * (z * z);
        }
    }
}
