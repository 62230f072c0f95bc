using GenCluster.Core.Randomness;
using static TorchSharp.torch;

namespace GenCluster.Training.Models;

/// <summary>
/// Random tensors from a counter-based stream, so that a shard's noise is the same on any worker and any device.
/// libtorch's own CPU generator would not do: it keeps 32 bits of its seed, too few to tell the streams of a long
/// training apart.
/// </summary>
public sealed class NoiseSource(RandomStream stream, Device device)
{
    /// <summary>Standard normal numbers of the given shape.</summary>
    public Tensor Normal(params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        stream.FillNormal(values);
        return Placed(tensor(values, shape));
    }

    /// <summary>Numbers uniform in [0, 1) of the given shape.</summary>
    public Tensor Uniform(params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        stream.FillUniform(values);
        return Placed(tensor(values, shape));
    }

    /// <summary>Whole numbers in [0, <paramref name="bound"/>), (count).</summary>
    public Tensor Integers(int count, int bound)
    {
        var values = new long[count];
        for (int i = 0; i < count; i++)
            values[i] = stream.NextInt(bound);
        return Placed(tensor(values));
    }

    // A tensor made from an array borrows its memory, which lies anywhere; the order of additions inside MKL depends on
    // the alignment of its operands. libtorch's own memory is always aligned alike, so equal numbers give equal bits.
    private Tensor Placed(Tensor borrowed) => borrowed.to(device, copy: true, disposeAfter: true);
}
