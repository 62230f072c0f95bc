using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenCluster.Training.Optimizers;

/// <summary>The exponential moving average of a network's parameters.</summary>
public static class MovingAverage
{
    /// <summary>average = decay * average + (1 - decay) * parameters, for whole steps of 16 numbers.</summary>
    public static void Update(Span<float> average, ReadOnlySpan<float> parameters, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(average.Length % Vector512<float>.Count, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, average.Length);

        var (keep, take) = (Vector512.Create((float)decay), Vector512.Create((float)(1 - decay)));
        var averages = MemoryMarshal.Cast<float, Vector512<float>>(average);
        var values = MemoryMarshal.Cast<float, Vector512<float>>(parameters);
        for (int i = 0; i < averages.Length; i++)
            averages[i] = averages[i] * keep + values[i] * take;
    }
}
