using System.Numerics;

namespace GenCluster.Collectives.Tree;

/// <summary>
/// A node of the fixed summation tree: the sum of the 2^<paramref name="Level"/> shards from <see cref="FirstShard"/> on.
/// Level 0 is a single shard's vector.
/// </summary>
public readonly record struct TreeNode(int Level, int Index)
{
    /// <summary>How many shards the node sums.</summary>
    public int Shards => 1 << Level;

    /// <summary>The first shard below the node.</summary>
    public int FirstShard => Index << Level;

    /// <summary>The child that is added first.</summary>
    public TreeNode Left => new(Level - 1, 2 * Index);

    /// <summary>The child that is added second.</summary>
    public TreeNode Right => new(Level - 1, 2 * Index + 1);

    /// <summary>The node's number in a tree of <paramref name="shards"/> shards, counted like a heap: the root is 1, the children of n are 2n and 2n+1.</summary>
    public int NumberIn(int shards) => (shards >> Level) + Index;

    /// <summary>The maximal aligned subtrees that make up <paramref name="range"/>, from left to right.</summary>
    internal static IEnumerable<TreeNode> Cover(ShardRange range, int shards)
    {
        for (var first = range.First; first < range.End;)
        {
            var level = first == 0 ? BitOperations.Log2((uint)shards) : BitOperations.TrailingZeroCount(first);
            level = Math.Min(level, BitOperations.Log2((uint)(range.End - first)));
            yield return new TreeNode(level, first >> level);
            first += 1 << level;
        }
    }
}
