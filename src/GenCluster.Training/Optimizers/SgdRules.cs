using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenCluster.Training.Models;

namespace GenCluster.Training.Optimizers;

/// <summary>Descent without memory.</summary>
internal readonly struct PlainDescent(SgdOptions options) : IUpdateRule
{
    private readonly Vector512<float> rate = Vector512.Create((float)options.LearningRate);
    private readonly Vector512<float> decay = Vector512.Create((float)options.WeightDecay);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> theta, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second) =>
        theta -= rate * (gradient + decay * theta);
}

/// <summary>Descent along a running sum of gradients, kept in the first moment; the first gradient starts it undampened, as in torch.</summary>
internal readonly struct MomentumDescent : IUpdateRule
{
    private readonly Vector512<float> rate, decay, keep, take, ahead, along;

    public MomentumDescent(SgdOptions options, long update)
    {
        if (options.Nesterov && (options.Momentum <= 0 || options.Dampening != 0))
        {
            throw new ArgumentException(
                $"SGD with Nesterov's momentum wants a momentum above 0 and no dampening; here they are {options.Momentum} and {options.Dampening}", nameof(options));
        }

        rate = Vector512.Create((float)options.LearningRate);
        decay = Vector512.Create((float)options.WeightDecay);
        keep = Vector512.Create((float)options.Momentum);
        take = Vector512.Create(update == 1 ? 1 : (float)(1 - options.Dampening));
        ahead = options.Nesterov ? Vector512<float>.One : Vector512<float>.Zero; // what the step has of the gradient itself
        along = options.Nesterov ? keep : Vector512<float>.One; // and of the running sum
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> theta, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second)
    {
        var g = gradient + decay * theta;
        first = keep * first + take * g;
        theta -= rate * (ahead * g + along * first);
    }
}
