using System.Collections.Immutable;

namespace GenCluster.Collectives.Tree;

/// <summary>One addition above the partials: <paramref name="Left"/> + <paramref name="Right"/> goes to scratch place <paramref name="Into"/>.</summary>
/// <param name="Node">What comes of it.</param>
/// <param name="Left">A partial's number, or a scratch place counted on from the last partial.</param>
/// <param name="Right">Likewise.</param>
/// <param name="Into">A scratch place; nothing for the last addition, which gives the root.</param>
internal readonly record struct TreeAddition(TreeNode Node, int Left, int Right, int Into);

/// <summary>
/// The top of the tree as it is summed in one pass, (A + B) + (C + D): what lies below the root, or below that. Operands are
/// numbered as those of additions; B or D is negative where A or C stands alone. The last additions say the same one by one.
/// </summary>
internal readonly record struct TreeCrown(int A, int B, int C, int D)
{
    /// <summary>How many additions it stands for.</summary>
    public int Additions => 1 + (B < 0 ? 0 : 1) + (D < 0 ? 0 : 1);
}

/// <summary>
/// The part of the tree above the members' partials, written down once as a list of additions. Partials are numbered by
/// member and then from left to right, which is shard order. They are only read; what comes in between goes to scratch places.
/// </summary>
internal sealed class TreeMerge
{
    private readonly Dictionary<TreeNode, int> partials = [];
    private readonly ImmutableArray<TreeAddition>.Builder additions = ImmutableArray.CreateBuilder<TreeAddition>();
    private readonly Stack<int> free = [];

    public TreeMerge(GangPlan plan)
    {
        var first = ImmutableArray.CreateBuilder<int>(plan.Members);
        for (var member = 0; member < plan.Members; member++)
        {
            first.Add(partials.Count);
            foreach (var node in plan.PartialsOf(member))
            {
                partials.Add(node, partials.Count);
            }
        }

        First = first.MoveToImmutable();
        Crown = Finish(new TreeNode(int.Log2(plan.Shards), 0));
        Additions = additions.ToImmutable();
    }

    /// <summary>The number of each member's first partial.</summary>
    public ImmutableArray<int> First { get; }

    public int Partials => partials.Count;

    /// <summary>How many scratch places are in use at a time.</summary>
    public int Scratch { get; private set; }

    /// <summary>In the order in which they are done; the last one gives the root. None if a single partial is the root.</summary>
    public ImmutableArray<TreeAddition> Additions { get; }

    /// <summary>The last of the additions in one; null if a single partial is the root.</summary>
    public TreeCrown? Crown { get; }

    private TreeCrown? Finish(TreeNode root)
    {
        if (partials.ContainsKey(root))
        {
            return null;
        }

        // All four operands stay in their places until the end.
        var (a, b) = Operands(root.Left);
        var (c, d) = Operands(root.Right);
        var left = b < 0 ? a : Add(root.Left, a, b);
        var right = d < 0 ? c : Add(root.Right, c, d);
        Add(root, left, right);
        return new TreeCrown(a, b, c, d);
    }

    private (int Left, int Right) Operands(TreeNode node) =>
        partials.TryGetValue(node, out var partial) ? (partial, -1) : (Visit(node.Left), Visit(node.Right));

    private int Visit(TreeNode node)
    {
        if (partials.TryGetValue(node, out var partial))
        {
            return partial;
        }

        var left = Visit(node.Left);
        var right = Visit(node.Right);
        Release(left);
        Release(right);
        return Add(node, left, right);
    }

    private int Add(TreeNode node, int left, int right)
    {
        var into = free.TryPop(out var place) ? place : partials.Count + Scratch++;
        additions.Add(new TreeAddition(node, left, right, into));
        return into;
    }

    private void Release(int operand)
    {
        if (operand >= partials.Count)
        {
            free.Push(operand);
        }
    }
}
