using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GenCluster.Training.Models;

namespace GenCluster.Training.Optimizers;

/// <summary>
/// An update of parameters as one pass over flat buffers. Additions, products, roots and quotients of single numbers
/// only, none of them fused, so every processor gives the same bits. Where parameter, gradient and moments are zero,
/// as between the slots of a flat buffer, they stay zero.
/// </summary>
public static class Optimizer
{
    /// <summary>One update.</summary>
    /// <param name="options">One of the closed set of records.</param>
    /// <param name="parameters">Whole steps of 16 numbers, like the other spans.</param>
    /// <param name="gradients">The gradient, times 1 / <paramref name="scale"/>.</param>
    /// <param name="scale">One over the number of shards that were summed, times <see cref="GradientNorm.Coefficient"/> where gradients are clipped.</param>
    /// <param name="first">The first moment, zeros before the first update. Left alone by an optimizer without it.</param>
    /// <param name="second">The second moment, in the same way.</param>
    /// <param name="update">1 in the first update.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or the spans differ.</exception>
    public static void Update(
        OptimizerOptions options, Span<float> parameters, ReadOnlySpan<float> gradients, float scale, Span<float> first, Span<float> second, long update)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(update, 1);
        switch (options)
        {
            case SgdOptions { Momentum: 0, Nesterov: false } sgd:
                Run(new PlainDescent(sgd), parameters, gradients, scale, first, second);
                break;
            case SgdOptions sgd:
                Run(new MomentumDescent(sgd, update), parameters, gradients, scale, first, second);
                break;
            case AdamOptions adam:
                Run(new AdamRule(adam, update), parameters, gradients, scale, first, second);
                break;
            case AdamWOptions adam:
                Run(new AdamRule(adam, update), parameters, gradients, scale, first, second);
                break;
            case RMSpropOptions { Centered: true } rms:
                Run(new CenteredRms(rms), parameters, gradients, scale, first, second);
                break;
            case RMSpropOptions rms:
                Run(new RmsRule(rms), parameters, gradients, scale, first, second);
                break;
            default:
                throw new ArgumentException($"there is no optimizer for {options.GetType().Name}", nameof(options));
        }
    }

    private static void Run<TRule>(
        in TRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, float scale, Span<float> first, Span<float> second)
        where TRule : struct, IUpdateRule
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length % Vector512<float>.Count, 0, nameof(parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradients.Length, parameters.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(first.Length, parameters.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, parameters.Length);

        var scales = Vector512.Create(scale);
        var thetas = MemoryMarshal.Cast<float, Vector512<float>>(parameters);
        var sums = MemoryMarshal.Cast<float, Vector512<float>>(gradients)[..thetas.Length];
        var firsts = MemoryMarshal.Cast<float, Vector512<float>>(first)[..thetas.Length];
        var seconds = MemoryMarshal.Cast<float, Vector512<float>>(second)[..thetas.Length];
        for (int i = 0; i < thetas.Length; i++)
            rule.Apply(ref thetas[i], sums[i] * scales, ref firsts[i], ref seconds[i]);
    }
}
