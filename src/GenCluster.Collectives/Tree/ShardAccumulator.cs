using System.Numerics;

namespace GenCluster.Collectives.Tree;

/// <summary>
/// Sums the vectors of one member's shards up the fixed tree ((0+1)+(2+3))+… as they come, like a binary counter: a
/// finished node waits for its right neighbour and merges with it. One accumulator serves every step; it is not thread-safe.
/// <code>
/// gradients.Begin(phase);
/// for (var shard = range.First; shard &lt; range.End; shard++) gradients.Add(shard, gradientOf(shard));
/// gang.AllReduce(gradients, sum, step);
/// </code>
/// </summary>
public sealed class ShardAccumulator
{
    private readonly ShardRange range;
    private readonly float[]?[] partials;
    private readonly float[]?[] waiting; // by level: the left neighbour of the node that is being built
    private readonly Stack<float[]> free = [];
    private readonly int capacity;
    private int next;
    private int finished;

    /// <summary>An accumulator for one member of a plan.</summary>
    public ShardAccumulator(GangPlan plan, int member)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegative(member);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(member, plan.Members);

        Plan = plan;
        Member = member;
        Partials = plan.PartialsOf(member).Length;
        range = plan.Ranges[member];
        partials = new float[Partials][];
        waiting = new float[BitOperations.Log2((uint)plan.Shards) + 1][];
        capacity = plan.Lengths.Max();
        Begin(0);
    }

    /// <summary>The plan whose tree is followed.</summary>
    public GangPlan Plan { get; }

    /// <summary>The member whose shards are summed.</summary>
    public int Member { get; }

    /// <summary>The phase whose vectors are being summed.</summary>
    public int Phase { get; private set; }

    /// <summary>The element count of this phase's vectors.</summary>
    public int Length => Plan.Lengths[Phase];

    /// <summary>How many subtrees the member's shards make up.</summary>
    public int Partials { get; }

    /// <summary>Whether every shard of the member has been added.</summary>
    public bool IsComplete => next == range.End;

    /// <summary>How many vectors are held in memory, for tests of the bound.</summary>
    internal int Buffers { get; private set; }

    /// <summary>Forgets what was added and starts on the vectors of <paramref name="phase"/>.</summary>
    public void Begin(int phase)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(phase);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(phase, Plan.Lengths.Length);

        Release(partials);
        Release(waiting);
        Phase = phase;
        next = range.First;
        finished = 0;
    }

    /// <summary>Adds the vector of the member's next shard; it is copied, the caller may reuse its memory.</summary>
    /// <exception cref="ArgumentException">It is another shard's turn, or the vector's length is not the plan's.</exception>
    public void Add(int shard, ReadOnlySpan<float> vector)
    {
        if (IsComplete || shard != next)
        {
            var wanted = IsComplete ? "call Begin before the next step" : $"add shard {next} next";
            throw new ArgumentException($"member {Member} with shards {range} cannot add shard {shard} now; {wanted}", nameof(shard));
        }

        if (vector.Length != Length)
        {
            throw new ArgumentException($"the vector of shard {shard} has {vector.Length} elements; phase {Phase} has {Length}", nameof(vector));
        }

        var node = Plan.PartialsOf(Member)[finished];
        Carry(node, shard - node.FirstShard, vector);
        next++;
    }

    /// <summary>The sum of one subtree, in the order of <see cref="GangPlan.PartialsOf"/>. Valid until <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<float> Partial(int index) =>
        partials[index] is { } partial
            ? partial.AsMemory(0, Length)
            : throw new InvalidOperationException($"partial {index} of member {Member} is not complete: shard {next} of {range} has not been added");

    /// <summary>Adds one to the binary counter of a subtree: each one-bit of <paramref name="ordinal"/> is a left neighbour to merge with.</summary>
    private void Carry(TreeNode node, int ordinal, ReadOnlySpan<float> vector)
    {
        var level = BitOperations.TrailingZeroCount(~ordinal);
        float[] carry;
        if (level == 0)
        {
            carry = Rent();
            vector.CopyTo(carry);
        }
        else
        {
            carry = Merge(0, vector);
            for (var l = 1; l < level; l++)
            {
                var right = carry;
                carry = Merge(l, right.AsSpan(0, Length));
                free.Push(right);
            }
        }

        if (level == node.Level)
        {
            partials[finished++] = carry;
        }
        else
        {
            waiting[level] = carry;
        }
    }

    private float[] Merge(int level, ReadOnlySpan<float> right)
    {
        var left = waiting[level]!;
        waiting[level] = null;
        var into = left.AsSpan(0, Length);
        VectorSum.Add(into, right, into);
        return left;
    }

    private float[] Rent()
    {
        if (free.TryPop(out var buffer))
        {
            return buffer;
        }

        Buffers++;
        return GC.AllocateUninitializedArray<float>(capacity);
    }

    private void Release(float[]?[] buffers)
    {
        foreach (ref var buffer in buffers.AsSpan())
        {
            if (buffer is not null)
            {
                free.Push(buffer);
                buffer = null;
            }
        }
    }
}
