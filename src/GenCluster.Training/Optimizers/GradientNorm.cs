using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenCluster.Training.Optimizers;

/// <summary>
/// The L2 norm of a gradient, in double precision and in one fixed order of additions: lanes within a block, then a
/// tree of pairs over the blocks. The order is a function of the length alone.
/// </summary>
public static class GradientNorm
{
    private const int Block = 1024;

    // As in torch: a gradient of zeros is not divided by zero.
    private const double Margin = 1e-6;

    /// <summary>The sum of the squares of the numbers. Sums of several spans are added in the order of the networks.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        if (values.Length <= Block)
            return SquaresOfBlock(values);

        int half = Block;
        while (2 * half < values.Length)
            half *= 2;
        return SumOfSquares(values[..half]) + SumOfSquares(values[half..]);
    }

    /// <summary>What to scale a gradient of norm <paramref name="norm"/> by so that it is at most <paramref name="max"/>: torch's clip_grad_norm_.</summary>
    public static float Coefficient(double norm, double max) => (float)Math.Min(1, max / (norm + Margin));

    private static double SquaresOfBlock(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        Vector512<double> low = default, high = default;
        foreach (var vector in vectors)
        {
            var (first, last) = Vector512.Widen(vector);
            low += first * first;
            high += last * last;
        }

        double sum = SumOfLanes(low + high);
        foreach (float value in values[(vectors.Length * Vector512<float>.Count)..])
            sum += (double)value * value;
        return sum;
    }

    private static double SumOfLanes(Vector512<double> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
