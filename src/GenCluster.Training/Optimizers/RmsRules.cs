using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenCluster.Training.Models;

namespace GenCluster.Training.Optimizers;

/// <summary>RMSprop: the mean squared gradient in the second moment, the direction of momentum in the first.</summary>
internal readonly struct RmsRule(RMSpropOptions options) : IUpdateRule
{
    private readonly Vector512<float> rate = Vector512.Create((float)options.LearningRate);
    private readonly Vector512<float> decay = Vector512.Create((float)options.WeightDecay);
    private readonly Vector512<float> momentum = Vector512.Create((float)options.Momentum);
    private readonly Vector512<float> keep = Vector512.Create((float)options.Alpha);
    private readonly Vector512<float> take = Vector512.Create((float)(1 - options.Alpha));
    private readonly Vector512<float> epsilon = Vector512.Create((float)options.Epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> theta, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
    {
        var g = gradient + decay * theta;
        second = keep * second + take * (g * g);
        first = momentum * first + g / (Vector512.Sqrt(second) + epsilon);
        theta -= rate * first;
    }
}

/// <summary>RMSprop around the mean: the mean gradient in the first moment, the mean squared one in the second.</summary>
internal readonly struct CenteredRms : IUpdateRule
{
    private readonly Vector512<float> rate, decay, keep, take, epsilon;

    public CenteredRms(RMSpropOptions options)
    {
        if (options.Momentum != 0)
        {
            throw new ArgumentException(
                $"RMSprop is either centered or has momentum, both would take a third moment; here the momentum is {options.Momentum}", nameof(options));
        }

        rate = Vector512.Create((float)options.LearningRate);
        decay = Vector512.Create((float)options.WeightDecay);
        keep = Vector512.Create((float)options.Alpha);
        take = Vector512.Create((float)(1 - options.Alpha));
        epsilon = Vector512.Create((float)options.Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> theta, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
    {
        var g = gradient + decay * theta;
        first = keep * first + take * g;
        second = keep * second + take * (g * g);

        // A variance is never below zero, but the difference of two rounded numbers can be.
        var variance = Vector512.Max(second - first * first, Vector512<float>.Zero);
        theta -= rate * g / (Vector512.Sqrt(variance) + epsilon);
    }
}
