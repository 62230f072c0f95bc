using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling.Sobol;

/// <summary>How the points are made random.</summary>
internal enum Scrambling
{
    Owen,
    Shift,
    None,
}

/// <summary>
/// Points of the unit cube over a space's hyperparameters, sorted by path: the axis of a Sobol sequence for each, scrambled
/// by a key of its path. Those after the <see cref="SobolSequence.Dimensions"/>th have random numbers instead.
/// </summary>
internal sealed class ScrambledSobol
{
    private readonly Dictionary<string, (int Axis, SearchRandom Random)> axes;
    private readonly Scrambling scrambling;
    private readonly byte use;

    /// <param name="use">Another one gives other points, as evenly spread.</param>
    public ScrambledSobol(ParameterSpace space, SearchRandom random, Scrambling scrambling, byte use = 0)
    {
        axes = space.Parameters.Index().ToDictionary(p => p.Item.Path, p => (p.Index, random.ForPath(p.Item.Path)), StringComparer.Ordinal);
        (this.scrambling, this.use) = (scrambling, use);
    }

    /// <summary>The position in [0, 1) of a point on the axis of a hyperparameter.</summary>
    /// <param name="index">The point's place in the sequence, from 0.</param>
    public double At(int index, string path)
    {
        var (axis, random) = axes[path];
        if (axis >= SobolSequence.Dimensions)
            return random.For(index + 1, use).NextDouble();

        uint x = SobolSequence.At((uint)index, axis);
        if (scrambling is Scrambling.None)
            return x / Whole;

        // The stream of trial 0, which there is none of, is the key of the axis. A point lies anywhere in its part, not at its edge.
        uint key = random.For(0, use).NextUInt32();
        uint scrambled = scrambling is Scrambling.Owen ? Scramble.Owen(x, key) : Scramble.Shift(x, key);
        return (scrambled + random.For(index + 1, use).NextDouble() * Below) / Whole;
    }

    private const double Whole = 4294967296.0;
    private const double Below = 1 - 1.0 / (1 << 21); // 32 + 21 bits: the sum stays below the next part
}
