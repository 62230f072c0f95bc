using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GenCluster.Training.Models;

namespace GenCluster.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) as one pass over flat buffers. Additions, products, roots and quotients only,
/// none of them fused, so every processor gives the same bits.
/// </summary>
public static class Adam
{
    /// <summary>One update.</summary>
    /// <param name="parameters">Whole steps of 16 numbers, like the other spans.</param>
    /// <param name="gradientSum">The gradient, times 1 / <paramref name="scale"/>.</param>
    /// <param name="scale">One over the number of shards that were summed.</param>
    /// <param name="update">t: 1 in the first update.</param>
    public static void Update(
        Span<float> parameters, ReadOnlySpan<float> gradientSum, float scale,
        Span<float> firstMoment, Span<float> secondMoment, AdamOptions options, long update)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(update, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length % Vector512<float>.Count, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradientSum.Length, parameters.Length);

        // The step of section 2 with both bias corrections drawn out of the moments.
        double firstCorrection = 1 - Math.Pow(options.Beta1, update), secondCorrection = 1 - Math.Pow(options.Beta2, update);
        var stepSize = Vector512.Create((float)(options.LearningRate / firstCorrection));
        var rootCorrection = Vector512.Create((float)Math.Sqrt(secondCorrection));
        var epsilon = Vector512.Create((float)options.Epsilon);
        var (keepFirst, takeFirst) = (Vector512.Create((float)options.Beta1), Vector512.Create((float)(1 - options.Beta1)));
        var (keepSecond, takeSecond) = (Vector512.Create((float)options.Beta2), Vector512.Create((float)(1 - options.Beta2)));
        var scales = Vector512.Create(scale);

        var thetas = MemoryMarshal.Cast<float, Vector512<float>>(parameters);
        var gradients = MemoryMarshal.Cast<float, Vector512<float>>(gradientSum);
        var firsts = MemoryMarshal.Cast<float, Vector512<float>>(firstMoment)[..thetas.Length];
        var seconds = MemoryMarshal.Cast<float, Vector512<float>>(secondMoment)[..thetas.Length];
        for (int i = 0; i < thetas.Length; i++)
        {
            var g = gradients[i] * scales;
            var m = firsts[i] * keepFirst + g * takeFirst;
            var v = seconds[i] * keepSecond + g * g * takeSecond;
            (firsts[i], seconds[i]) = (m, v);
            thetas[i] -= stepSize * m / (Vector512.Sqrt(v) / rootCorrection + epsilon);
        }
    }
}
