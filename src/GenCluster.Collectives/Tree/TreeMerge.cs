using System.Collections.Immutable;

namespace GenCluster.Collectives.Tree;

/// <summary>One addition above the partials: slots <paramref name="Left"/> + <paramref name="Right"/> go to slot <paramref name="Into"/>.</summary>
internal readonly record struct TreeAddition(int Left, int Right, int Into);

/// <summary>
/// The part of the tree above the members' partials, written down once as a list of additions. A slot is one partial; slots
/// are numbered by member and then by partial, which is shard order. The member's own partials are only read: a step that
/// breaks leaves them whole.
/// </summary>
internal sealed class TreeMerge
{
    private readonly Dictionary<TreeNode, int> slots = [];
    private readonly bool[] own;

    public TreeMerge(GangPlan plan, int member)
    {
        var offsets = ImmutableArray.CreateBuilder<int>(plan.Members);
        for (var m = 0; m < plan.Members; m++)
        {
            offsets.Add(slots.Count);
            foreach (var node in plan.PartialsOf(m))
            {
                slots.Add(node, slots.Count);
            }
        }

        FirstSlots = offsets.MoveToImmutable();
        Slots = slots.Count;
        Foreign = Slots - plan.PartialsOf(member).Length;
        own = [.. Enumerable.Range(0, Slots).Select(slot => slot >= FirstSlots[member] && slot < FirstSlots[member] + Slots - Foreign)];

        var additions = ImmutableArray.CreateBuilder<TreeAddition>(Slots - 1);
        Visit(new TreeNode(int.Log2(plan.Shards), 0), additions);
        Additions = additions.MoveToImmutable();
    }

    /// <summary>The slot of each member's first partial.</summary>
    public ImmutableArray<int> FirstSlots { get; }

    public int Slots { get; }

    /// <summary>How many slots are filled by other members.</summary>
    public int Foreign { get; }

    /// <summary>In the order in which they are done; the last one gives the root.</summary>
    public ImmutableArray<TreeAddition> Additions { get; }

    public bool IsOwn(int slot) => own[slot];

    private int Visit(TreeNode node, ImmutableArray<TreeAddition>.Builder additions)
    {
        if (slots.TryGetValue(node, out var slot))
        {
            return slot;
        }

        var left = Visit(node.Left, additions);
        var right = Visit(node.Right, additions);

        // Two own partials are never siblings (they would have been one), so one of the two is scratch to write to.
        var into = own[left] ? right : left;
        additions.Add(new TreeAddition(left, right, into));
        return into;
    }
}
