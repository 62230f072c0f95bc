using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// What the nodes of one member's coded sums have left out. It belongs to the member's part of one gang: in another gang a node
/// may be another member's. Who changes gangs, or goes on from what was stored, therefore has all members <see cref="Forget"/> theirs
/// at steps that are fixed beforehand, and changes there. A node costs a vector of its bucket's length from the first time that it
/// is asked for; pages that are never written cost nothing.
/// </summary>
public sealed class Residuals
{
    private readonly float[]?[][][] vectors; // by phase, bucket and number of the node

    /// <summary>Nothing is left out yet.</summary>
    /// <param name="shards">The trial's shards, a power of two.</param>
    public Residuals(VectorLayout layout, int shards)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Shards = shards;
        vectors = [.. layout.Phases.Select(phase => phase.Select(_ => new float[]?[2 * shards]).ToArray())];
    }

    public VectorLayout Layout { get; }

    public int Shards { get; }

    /// <summary>The residual of a node in one bucket, zeros at first. One thread at a time for each bucket.</summary>
    public Span<float> Of(int phase, int bucket, TreeNode node) =>
        vectors[phase][bucket][node.NumberIn(Shards)] ??= new float[Layout.Phases[phase][bucket].Length];

    /// <summary>Nothing is left out any more, as at the beginning. Between two sums.</summary>
    public void Forget()
    {
        foreach (var residual in vectors.SelectMany(phase => phase).SelectMany(nodes => nodes))
        {
            residual?.AsSpan().Clear();
        }
    }
}
