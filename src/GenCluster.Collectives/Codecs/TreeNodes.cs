using System.Numerics;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

internal static class TreeNodes
{
    /// <summary>The node with this number, counted like a heap; see <see cref="TreeNode.NumberIn"/>.</summary>
    public static TreeNode Numbered(int number, int shards)
    {
        var depth = BitOperations.Log2((uint)number);
        return new TreeNode(BitOperations.Log2((uint)shards) - depth, number - (1 << depth));
    }
}
