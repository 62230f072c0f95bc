using System.Collections.Immutable;
using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Tree;

/// <summary>
/// Sums the vectors of one member's shards up the fixed tree ((0+1)+(2+3))+… as they come, like a binary counter: a
/// finished node waits for its right neighbour and merges with it. One accumulator serves every step of a gang.
/// <code>
/// vectors.Begin(phase);
/// for (var shard = range.First; shard &lt; range.End; shard++)
/// {
///     Compute(shard, vectors.Vector);      // leaves the shard's numbers in the buckets of the phase
///     vectors.Commit(shard);
/// }
/// gang.AllReduce(vectors, position);       // the sum is in vectors.Vector
/// </code>
/// A member with one shard copies nothing. Different buckets may be committed and reduced by different threads, one bucket
/// by one thread at a time.
/// </summary>
public sealed class ShardAccumulator
{
    private readonly SlotSchedule schedule;
    private readonly Coding? coding;
    private readonly ShardRange range;
    private readonly int[] next; // by bucket: the shard whose vector comes next

    /// <summary>An accumulator for one member of a plan, on that member's memory.</summary>
    /// <param name="coding">How gradients are encoded in the sum; null: not at all.</param>
    /// <exception cref="ArgumentException">The memory has too small or too few slots for the plan.</exception>
    public ShardAccumulator(GangPlan plan, int member, VectorMemory memory, Coding? coding = null)
    {
        this.coding = coding;
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegative(member);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(member, plan.Members);
        plan.CheckFits(memory);

        Plan = plan;
        Member = member;
        Memory = memory;
        Partials = plan.PartialsOf(member).Length;
        schedule = new SlotSchedule(plan, member);
        range = plan.Ranges[member];
        next = new int[plan.Layout.Phases.Max(phase => phase.Length)];
        Begin(0);
    }

    /// <summary>The plan whose tree is followed.</summary>
    public GangPlan Plan { get; }

    /// <summary>The member whose shards are summed.</summary>
    public int Member { get; }

    /// <summary>Where the vectors are.</summary>
    public VectorMemory Memory { get; }

    /// <summary>The phase whose vectors are being summed.</summary>
    public int Phase { get; private set; }

    /// <summary>The buckets of this phase.</summary>
    public ImmutableArray<Bucket> Buckets => Plan.Layout.Phases[Phase];

    /// <summary>Slot 0: the vector of the shard in hand before <see cref="Commit(int)"/>, the sum after the last bucket is reduced.</summary>
    public Span<float> Vector => Memory.Slot(0);

    /// <summary>How many subtrees the member's shards make up.</summary>
    public int Partials { get; }

    /// <summary>Whether every shard of the member has been committed in every bucket.</summary>
    public bool IsComplete
    {
        get
        {
            for (var bucket = 0; bucket < Buckets.Length; bucket++)
            {
                if (!Has(bucket))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether every shard of the member has been committed in <paramref name="bucket"/>.</summary>
    public bool Has(int bucket) => next[bucket] == range.End;

    /// <summary>Forgets what was committed and starts on the vectors of <paramref name="phase"/>.</summary>
    public void Begin(int phase)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(phase);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(phase, Plan.Layout.Phases.Length);

        Phase = phase;
        Array.Fill(next, range.First);
    }

    /// <summary>Carries the vector of the member's next shard up the tree, in all buckets in which that has not been done yet.</summary>
    /// <exception cref="ArgumentException">It is another shard's turn.</exception>
    public void Commit(int shard)
    {
        for (var bucket = 0; bucket < Buckets.Length; bucket++)
        {
            if (next[bucket] != shard + 1)
            {
                Commit(shard, bucket);
            }
        }
    }

    /// <summary>The same for one bucket: it can be complete before the others.</summary>
    /// <exception cref="ArgumentException">It is another shard's turn.</exception>
    public void Commit(int shard, int bucket)
    {
        if (Has(bucket) || shard != next[bucket])
        {
            var wanted = Has(bucket) ? "call Begin before the next step" : $"commit shard {next[bucket]} next";
            throw new ArgumentException($"member {Member} with shards {range} cannot commit shard {shard} in bucket {bucket} now; {wanted}", nameof(shard));
        }

        var place = Buckets[bucket];
        var vector = In(0, place);
        var node = new TreeNode(0, shard);
        Finish(node, bucket, vector);
        foreach (var move in schedule.After(shard))
        {
            if (move.Left is { } left)
            {
                VectorSum.Add(In(left, place), vector, In(move.Into, place));
                node = new TreeNode(node.Level + 1, node.Index / 2);
                Finish(node, bucket, In(move.Into, place));
            }
            else
            {
                vector.CopyTo(In(move.Into, place));
            }
        }

        next[bucket]++;
    }

    /// <summary>The sum of one subtree over one bucket, in the order of <see cref="GangPlan.PartialsOf"/>. Valid until the bucket is reduced.</summary>
    /// <exception cref="InvalidOperationException">Not all shards have been committed.</exception>
    public ReadOnlySpan<float> Partial(int index, int bucket) =>
        Has(bucket)
            ? In(schedule.PartialSlots[index], Buckets[bucket])
            : throw new InvalidOperationException($"partial {index} of member {Member} is not complete: shard {next[bucket]} of {range} has not been committed in bucket {bucket}");

    /// <summary>The code in which partials and sums of a bucket are; null where they are floats.</summary>
    internal CodedBucket? CodeOf(int bucket) => coding?.Of(Phase, bucket);

    /// <summary>A coded bucket's nodes are what their codes say; a partial is left as its code, which is what peers get.</summary>
    private void Finish(TreeNode node, int bucket, Span<float> vector)
    {
        if (CodeOf(bucket) is not { } code)
        {
            return;
        }

        if (Plan.PartialsOf(Member).Contains(node))
        {
            code.EncodeInPlace(node, vector);
        }
        else
        {
            code.Round(node, vector);
        }
    }

    private Span<float> In(int slot, Bucket bucket) => Memory.Slot(slot).Slice(bucket.Start, bucket.Length);
}
