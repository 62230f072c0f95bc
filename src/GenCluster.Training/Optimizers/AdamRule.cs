using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenCluster.Training.Models;

namespace GenCluster.Training.Optimizers;

/// <summary>Adam and AdamW: means of the gradient and of its square in the two moments.</summary>
internal readonly struct AdamRule : IUpdateRule
{
    private readonly Vector512<float> stepSize, rootCorrection, epsilon, keepFirst, takeFirst, keepSecond, takeSecond, decay, shrink;

    public AdamRule(AdamOptions options, long update)
        : this(options, options.Beta1, options.Beta2, options.Epsilon, update)
    {
        decay = Vector512.Create((float)options.WeightDecay);
        shrink = Vector512<float>.One;
    }

    public AdamRule(AdamWOptions options, long update)
        : this(options, options.Beta1, options.Beta2, options.Epsilon, update)
    {
        decay = Vector512<float>.Zero;
        shrink = Vector512.Create((float)(1 - options.LearningRate * options.WeightDecay));
    }

    // The step of section 2 of Kingma and Ba with both bias corrections drawn out of the moments.
    private AdamRule(OptimizerOptions options, double beta1, double beta2, double epsilon, long update)
    {
        double firstCorrection = 1 - Math.Pow(beta1, update), secondCorrection = 1 - Math.Pow(beta2, update);
        stepSize = Vector512.Create((float)(options.LearningRate / firstCorrection));
        rootCorrection = Vector512.Create((float)Math.Sqrt(secondCorrection));
        this.epsilon = Vector512.Create((float)epsilon);
        (keepFirst, takeFirst) = (Vector512.Create((float)beta1), Vector512.Create((float)(1 - beta1)));
        (keepSecond, takeSecond) = (Vector512.Create((float)beta2), Vector512.Create((float)(1 - beta2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> theta, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
    {
        var g = gradient + decay * theta;
        first = first * keepFirst + g * takeFirst;
        second = second * keepSecond + g * g * takeSecond;
        theta = theta * shrink - stepSize * first / (Vector512.Sqrt(second) / rootCorrection + epsilon);
    }
}
