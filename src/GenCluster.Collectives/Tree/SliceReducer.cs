namespace GenCluster.Collectives.Tree;

/// <summary>
/// A member's duty in an all-reduce: collect all partials of its own slice, one chunk at a time, and finish the tree in
/// order. Memory is one chunk for each partial of the other members, whatever the vector's length.
/// </summary>
internal sealed class SliceReducer
{
    private readonly GangPlan plan;
    private readonly int member;
    private readonly TreeMerge merge;
    private readonly float[][] arrivals;
    private ShardAccumulator gradients = null!;
    private int arrived;

    public SliceReducer(GangPlan plan, int member)
    {
        this.plan = plan;
        this.member = member;
        merge = new TreeMerge(plan, member);
        var longest = plan.Lengths.Max(length => VectorSlice.Of(length, member, plan.Members).Length);
        var chunk = Math.Min(longest, VectorSlice.ChunkElements);
        arrivals = [.. Enumerable.Range(0, merge.Slots).Select(slot => merge.IsOwn(slot) ? [] : new float[chunk])];
    }

    public VectorSlice Slice { get; private set; }

    /// <summary>How many chunks of the own slice are summed.</summary>
    public int Reduced { get; private set; }

    public bool Done => Reduced == Slice.Chunks;

    /// <exception cref="ArgumentException">The gradients or the sum do not fit the plan.</exception>
    public void Begin(ShardAccumulator gradients, ReadOnlySpan<float> sum)
    {
        Check(gradients, sum.Length);
        this.gradients = gradients;
        Slice = plan.SliceOf(member, gradients.Phase);
        Reduced = 0;
        arrived = 0;
    }

    /// <summary>The member's own partial, for sending.</summary>
    public ReadOnlySpan<float> Own(int partial, VectorSlice elements) =>
        gradients.Partial(partial).Span.Slice(elements.Start, elements.Length);

    /// <summary>Where to read another member's partial of the chunk in hand.</summary>
    public Span<float> Arrival(int member, int partial, int length) => arrivals[merge.FirstSlots[member] + partial].AsSpan(0, length);

    /// <summary>One more partial of the chunk in hand is there and verified.</summary>
    public void NoteArrival() => arrived++;

    /// <summary>Finishes the chunk in hand if all its partials are there.</summary>
    public bool TryReduce(Span<float> sum)
    {
        if (Done || arrived < merge.Foreign)
        {
            return false;
        }

        Reduce(Slice.Chunk(Reduced), sum);
        Reduced++;
        arrived = 0;
        return true;
    }

    private void Check(ShardAccumulator gradients, int length)
    {
        if (gradients.Member != member || !gradients.Plan.Hash.SequenceEqual(plan.Hash))
        {
            throw new ArgumentException($"the gradients are those of member {gradients.Member}, perhaps of another plan; give those of member {member} of this gang's plan");
        }

        if (!gradients.IsComplete)
        {
            throw new ArgumentException($"the gradients of member {member} are not complete; add all its shards {plan.Ranges[member]} first");
        }

        if (length != gradients.Length)
        {
            throw new ArgumentException($"the sum has room for {length} elements; phase {gradients.Phase} has {gradients.Length}");
        }
    }

    private void Reduce(VectorSlice chunk, Span<float> sum)
    {
        var root = sum.Slice(chunk.Start, chunk.Length);
        if (merge.Additions.IsEmpty)
        {
            Own(0, chunk).CopyTo(root);
            return;
        }

        foreach (var addition in merge.Additions.AsSpan()[..^1])
        {
            VectorSum.Add(Slot(addition.Left, chunk), Slot(addition.Right, chunk), arrivals[addition.Into].AsSpan(0, chunk.Length));
        }

        var last = merge.Additions[^1];
        VectorSum.Add(Slot(last.Left, chunk), Slot(last.Right, chunk), root);
    }

    private ReadOnlySpan<float> Slot(int slot, VectorSlice chunk) =>
        merge.IsOwn(slot) ? Own(slot - merge.FirstSlots[member], chunk) : arrivals[slot].AsSpan(0, chunk.Length);
}
