using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>
/// The sum of all shards' vectors with a codec, by one process and one node after the other: what a coded sum is, whoever
/// computes it. Every node of the tree is encoded, leaves and root too, whether or not it would cross a wire:
/// <c>value(node) = decode(encode(left + right + residual(node)))</c>. So a subtree's sum is always what its code says, and
/// the bits of the result do not depend on which nodes were sent.
/// </summary>
public sealed class CodedTree
{
    private readonly int shards;
    private readonly float[][] residuals; // by number of the node, counted like a heap; 0 is unused

    /// <summary>A tree with nothing left out yet.</summary>
    /// <param name="shards">A power of two.</param>
    /// <param name="length">Elements of each vector.</param>
    public CodedTree(ICodec codec, int shards, int length)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (!int.IsPow2(shards))
        {
            throw new ArgumentException($"{shards} shards cannot be summed in a full binary tree; use a power of two", nameof(shards));
        }

        this.shards = shards;
        Codec = codec;
        residuals = [.. Enumerable.Range(0, 2 * shards).Select(number => new float[codec.IsExact || number == 0 ? 0 : length])];
    }

    public ICodec Codec { get; }

    /// <summary>What the node's codes have left out up to now.</summary>
    public ReadOnlySpan<float> Residual(TreeNode node) => residuals[node.NumberIn(shards)];

    /// <summary>The coded sum of one step.</summary>
    /// <param name="vectors">One for each shard.</param>
    public float[] Sum(IReadOnlyList<float[]> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Count, shards);
        return Value(new TreeNode(int.Log2(shards), 0), vectors);
    }

    private float[] Value(TreeNode node, IReadOnlyList<float[]> vectors)
    {
        float[] value;
        if (node.Level == 0)
        {
            value = [.. vectors[node.Index]];
        }
        else
        {
            value = Value(node.Left, vectors);
            VectorSum.Add(value, Value(node.Right, vectors), value);
        }

        CodedNode.Round(Codec, value, residuals[node.NumberIn(shards)]);
        return value;
    }
}
