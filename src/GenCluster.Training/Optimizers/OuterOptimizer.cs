using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GenCluster.Core.Sweeps;

namespace GenCluster.Training.Optimizers;

/// <summary>
/// Infrequent synchronisation: replicas start a round from the same parameters, train alone for some steps, and what they
/// have changed is averaged and applied by a second optimizer (DiLoCo, Douillard et al. 2023, algorithm 1, with Nesterov
/// momentum as in torch). With learning rate 1 and no momentum the parameters become the mean of the replicas' (Local SGD,
/// Stich 2019, algorithm 1). Single additions and products only, so every processor gives the same bits.
/// </summary>
public static class OuterOptimizer
{
    /// <summary>
    /// What a replica has changed in a round, as a gradient: from where it is now to where it started, so that descent along
    /// it goes where the replica went. The deltas of all replicas are summed like gradients.
    /// </summary>
    /// <param name="start">The parameters at the beginning of the round, equal for all replicas.</param>
    /// <param name="end">The replica's own parameters; may be <paramref name="delta"/>.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Delta(ReadOnlySpan<float> start, ReadOnlySpan<float> end, Span<float> delta)
    {
        Check(start.Length, end.Length, delta.Length);
        var from = Steps(start);
        var to = Steps(end);
        var into = Steps(delta);
        for (int i = 0; i < into.Length; i++)
            into[i] = from[i] - to[i];
        for (int i = into.Length * Vector512<float>.Count; i < delta.Length; i++)
            delta[i] = start[i] - end[i];
    }

    /// <summary>One update at the end of a round: <c>v = momentum * v + g; start -= learningRate * (g + momentum * v)</c>.</summary>
    /// <param name="start">The parameters at the beginning of the round; become those of the next one.</param>
    /// <param name="deltas">The sum of the replicas' deltas.</param>
    /// <param name="scale">One over the number of replicas that were summed.</param>
    /// <param name="velocity">The momentum's memory, zeros before the first round; state like an optimizer's moments.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Update(DilocoSpec spec, Span<float> start, ReadOnlySpan<float> deltas, float scale, Span<float> velocity)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Check(start.Length, deltas.Length, velocity.Length);
        var (rate, momentum) = ((float)spec.OuterLearningRate, (float)spec.OuterMomentum);
        var theta = Steps(start);
        var sum = Steps(deltas);
        var v = Steps(velocity);
        for (int i = 0; i < theta.Length; i++)
        {
            var g = scale * sum[i];
            v[i] = momentum * v[i] + g;
            theta[i] -= rate * (g + momentum * v[i]);
        }

        for (int i = theta.Length * Vector512<float>.Count; i < start.Length; i++)
        {
            float g = scale * deltas[i];
            velocity[i] = momentum * velocity[i] + g;
            start[i] -= rate * (g + momentum * velocity[i]);
        }
    }

    private static Span<Vector512<float>> Steps(Span<float> values) => MemoryMarshal.Cast<float, Vector512<float>>(values);

    private static ReadOnlySpan<Vector512<float>> Steps(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector512<float>>(values);

    private static void Check(int start, int second, int third)
    {
        if (start != second || start != third)
            throw new ArgumentException($"the parameters have {start} elements, what is computed with them {second} and {third}; the three lengths must be equal");
    }
}
