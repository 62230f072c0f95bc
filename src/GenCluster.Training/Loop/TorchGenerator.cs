using GenCluster.Core.Randomness;
using static TorchSharp.torch;

namespace GenCluster.Training.Loop;

/// <summary>
/// libtorch's own random numbers, for what draws them inside an operation: dropout, and the initialization of modules.
/// There is one generator for the whole process, so whoever draws from it seeds it first and holds it meanwhile.
/// </summary>
internal static class TorchGenerator
{
    private static readonly Lock Gate = new();

    /// <summary>Runs <paramref name="draw"/> with the generator seeded from a stream.</summary>
    public static T Use<T>(long seed, StreamAddress address, Func<T> draw)
    {
        lock (Gate)
        {
            using var generator = manual_seed(unchecked((long)new RandomStream(unchecked((ulong)seed), address).NextUInt64()));
            return draw();
        }
    }
}
