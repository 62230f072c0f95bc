using System.Collections.Immutable;
using System.Numerics;

namespace GenCluster.Collectives.Tree;

/// <summary>Slot <paramref name="Into"/> becomes slot <paramref name="Left"/> + slot 0, or a copy of slot 0 where there is no left one.</summary>
internal readonly record struct SlotMove(int? Left, int Into);

/// <summary>
/// How a member's shards go up the tree, written down once: after each shard, which comes in slot 0, a list of moves like
/// those of a binary counter. Left neighbours wait in slots of their own and are added into slot 0; only what has to wait is moved out of
/// it, and the last partial stays there. It follows from the plan, so peers know in which slot each partial lies.
/// </summary>
internal sealed class SlotSchedule
{
    private readonly ShardRange range;
    private readonly ImmutableArray<ImmutableArray<SlotMove>> moves;

    public SlotSchedule(GangPlan plan, int member)
    {
        range = plan.Ranges[member];
        var free = new PriorityQueue<int, int>(Enumerable.Range(1, MostSlots(plan.Shards) - 1).Select(slot => (slot, slot)));
        var byShard = ImmutableArray.CreateBuilder<ImmutableArray<SlotMove>>(range.Count);
        var partials = ImmutableArray.CreateBuilder<int>();
        foreach (var node in plan.PartialsOf(member))
        {
            var waiting = new int[node.Level + 1];
            for (var ordinal = 0; ordinal < node.Shards; ordinal++)
            {
                var last = node.FirstShard + ordinal == range.End - 1;
                var level = BitOperations.TrailingZeroCount(~ordinal);
                var place = Carry(level, stay: last, waiting, free, byShard);
                waiting[level] = place;
                if (level == node.Level)
                {
                    partials.Add(place);
                }
            }
        }

        moves = byShard.MoveToImmutable();
        PartialSlots = partials.ToImmutable();
    }

    /// <summary>In which slot each partial lies when all shards are in.</summary>
    public ImmutableArray<int> PartialSlots { get; }

    /// <summary>
    /// Enough for any division of the shards: a range covers at most one node on each level on its way up and one on its way
    /// down, and what waits inside a node takes the place of lower ones to come.
    /// </summary>
    public static int MostSlots(int shards) => (2 * BitOperations.Log2((uint)shards)) + 2;

    /// <summary>What is to be done when the vector of a shard lies in slot 0.</summary>
    public ImmutableArray<SlotMove> After(int shard) => moves[shard - range.First];

    /// <summary>Writes down the moves after one shard; gives the slot in which the node rests.</summary>
    private static int Carry(
        int level, bool stay, int[] waiting, PriorityQueue<int, int> free, ImmutableArray<ImmutableArray<SlotMove>>.Builder byShard)
    {
        var steps = ImmutableArray.CreateBuilder<SlotMove>();
        var place = 0;
        for (var l = 0; l < level; l++)
        {
            // The last addition goes to where its left operand waited, unless it may stay: then nothing need be copied.
            place = stay || l < level - 1 ? 0 : waiting[l];
            steps.Add(new SlotMove(waiting[l], place));
            if (place == 0)
            {
                free.Enqueue(waiting[l], waiting[l]);
            }
        }

        if (level == 0 && !stay)
        {
            place = free.Dequeue();
            steps.Add(new SlotMove(null, place));
        }

        byShard.Add(steps.ToImmutable());
        return place;
    }
}
