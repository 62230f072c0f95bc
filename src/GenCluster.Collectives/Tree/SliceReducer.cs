using System.Runtime.InteropServices;
using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Tree;

/// <summary>
/// A member's duty in an all-reduce: finish the tree over its own slice, one chunk at a time, and write the sum to its own
/// slot 0 and to that of every member whose memory it can reach. The partials of those members are read where they lie; those of
/// the others arrive in buffers of one chunk each, whatever the vector's length.
/// </summary>
internal sealed unsafe class SliceReducer : IDisposable
{
    private const int LargestGrain = 2 * Codec.BlockElements; // a slice in whole blocks is at most so much longer
    private const int BlockElements = 4 * 1024; // of several operands at once, so that sums in between stay in the first-level cache

    private const int MostAtOnce = CrownSum.MostPlaces;

    private readonly TreeMerge merge;
    private readonly int below; // additions that come before the crown
    private readonly int member;
    private readonly SlotSchedule[] schedules;
    private readonly nint[] places; // by operand: where slot, arrival buffer or scratch starts
    private readonly bool[] arrives; // by operand: it holds one chunk or block, not the whole vector
    private readonly nint[] targets; // slots 0 that get the sum
    private readonly float* buffers;
    private CodedBucket? coded; // the code in which the slice's partials and its sum are
    private int reachable; // members whose memory can be reached and whose partials are complete
    private int arrived; // partials of the chunk in hand that have come over a wire

    /// <param name="memories">By member: where its slots can be reached, its own always; 0 where partials arrive over a wire.</param>
    /// <param name="strides">By member: bytes from one slot to the next.</param>
    public SliceReducer(GangPlan plan, int member, ReadOnlySpan<nint> memories, ReadOnlySpan<long> strides)
    {
        this.member = member;
        merge = new TreeMerge(plan);
        below = merge.Additions.Length - (merge.Crown?.Additions ?? 0);
        schedules = [.. Enumerable.Range(0, plan.Members).Select(m => new SlotSchedule(plan, m))];
        places = new nint[merge.Partials + merge.Scratch];
        arrives = new bool[places.Length];
        var targets = new List<nint>();
        for (var m = 0; m < plan.Members; m++)
        {
            Place(m, memories[m], strides[m], targets);
        }

        this.targets = [.. targets];
        arrives.AsSpan(merge.Partials).Fill(true);
        buffers = Allocate(Math.Min(LongestSlice(plan), VectorSlice.ChunkElements));
    }

    /// <summary>How many partials come over wires for each chunk.</summary>
    public int Arrivals { get; private set; }

    /// <summary>How many other members' memory is read and written in place.</summary>
    public int Reachable => targets.Length - 1;

    public VectorSlice Slice { get; private set; }

    /// <summary>How many chunks of the own slice are summed.</summary>
    public int Reduced { get; private set; }

    public bool Done => Reduced == Slice.Chunks;

    /// <summary>Done, and every member whose memory is read or written is known to be in this collective: it may not go on before.</summary>
    public bool Settled => Done && reachable == Reachable;

    public void Begin(VectorSlice slice, CodedBucket? coded = null)
    {
        this.coded = coded;
        Slice = slice;
        Reduced = 0;
        reachable = 0;
        arrived = 0;
    }

    /// <summary>A member's partial or the sum, in the own slots, for sending.</summary>
    public byte* Own(int partial, VectorSlice elements) => (byte*)((float*)places[merge.First[member] + partial] + elements.Start);

    /// <summary>The own slot 0, where sums land.</summary>
    public byte* Sum(VectorSlice elements) => (byte*)((float*)targets[0] + elements.Start);

    /// <summary>Where to read another member's partial of the chunk in hand.</summary>
    public byte* Arrival(int from, int partial) => (byte*)places[merge.First[from] + partial];

    /// <summary>One more partial of the chunk in hand is there and verified.</summary>
    public void NoteArrival() => arrived++;

    /// <summary>All partials of one more member can be read in its memory.</summary>
    public void NoteReachable() => reachable++;

    /// <summary>Finishes the chunk in hand if all its partials are there.</summary>
    public bool TryReduce()
    {
        if (Done || arrived < Arrivals || reachable < Reachable)
        {
            return false;
        }

        Reduce(Slice.Chunk(Reduced));
        Reduced++;
        arrived = 0;
        return true;
    }

    public void Dispose() => NativeMemory.AlignedFree(buffers);

    private static int LongestSlice(GangPlan plan) =>
        plan.Layout.Phases.Max(phase => phase.Max(bucket =>
            plan.IsExchanged(bucket) ? bucket.Length : Math.Min(bucket.Length, VectorSlice.Of(bucket, plan.Members - 1, plan.Members).Length + LargestGrain)));

    private void Place(int m, nint memory, long stride, List<nint> targets)
    {
        for (var partial = 0; partial < schedules[m].PartialSlots.Length; partial++)
        {
            var operand = merge.First[m] + partial;
            arrives[operand] = memory == 0;
            places[operand] = memory == 0 ? 0 : memory + (nint)(schedules[m].PartialSlots[partial] * stride);
            Arrivals += memory == 0 ? 1 : 0;
        }

        if (memory != 0)
        {
            targets.Insert(m == member ? 0 : targets.Count, memory);
        }
    }

    /// <summary>One piece of memory for all arrivals and scratch places.</summary>
    private float* Allocate(int chunk)
    {
        chunk = (chunk + VectorLayout.Alignment - 1) / VectorLayout.Alignment * VectorLayout.Alignment;
        var block = Math.Min(chunk, BlockElements);
        var length = ((long)Arrivals * chunk) + ((long)merge.Scratch * block);
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, length * sizeof(float)), 4096);
        var free = memory;
        for (var operand = 0; operand < places.Length; operand++)
        {
            if (arrives[operand])
            {
                places[operand] = (nint)free;
                free += operand < merge.Partials ? chunk : block;
            }
        }

        return memory;
    }

    private void Reduce(VectorSlice chunk)
    {
        // Where nothing is put down in between, it runs through in one go.
        var step = coded?.Grain ?? (below > 0 || targets.Length > MostAtOnce ? BlockElements : VectorSlice.ChunkElements);
        for (var offset = 0; offset < chunk.Length; offset += step)
        {
            var length = Math.Min(step, chunk.Length - offset);
            if (coded is { } code)
            {
                ReduceCode(code, chunk.Start, offset, length);
            }
            else
            {
                ReduceBlock(chunk.Start, offset, length);
            }
        }
    }

    /// <summary>One block of a code: every node above the partials is decoded, summed and encoded again, the root too.</summary>
    private void ReduceCode(in CodedBucket code, int start, int offset, int length)
    {
        var sum = (float*)targets[0] + start + offset;
        var additions = merge.Additions.AsSpan();
        for (var i = 0; i < additions.Length; i++)
        {
            var into = i == additions.Length - 1 ? sum : (float*)places[additions[i].Into];
            code.Add(
                additions[i].Node, start + offset, new ReadOnlySpan<float>(At(additions[i].Left, start, offset), length),
                new ReadOnlySpan<float>(At(additions[i].Right, start, offset), length), new Span<float>(into, length));
        }

        Copy(1, start + offset, length);
    }

    private void ReduceBlock(int start, int offset, int length)
    {
        var additions = merge.Additions.AsSpan();
        for (var i = 0; i < below; i++)
        {
            VectorSum.Add(At(additions[i].Left, start, offset), At(additions[i].Right, start, offset), (float*)places[additions[i].Into], length);
        }

        if (merge.Crown is { } crown)
        {
            var sums = stackalloc float*[MostAtOnce];
            var count = Math.Min(targets.Length, MostAtOnce);
            for (var i = 0; i < count; i++)
            {
                sums[i] = (float*)targets[i] + start + offset;
            }

            CrownSum.Add(
                At(crown.A, start, offset), crown.B < 0 ? null : At(crown.B, start, offset),
                At(crown.C, start, offset), crown.D < 0 ? null : At(crown.D, start, offset), sums, count, length);
            Copy(count, start + offset, length);
        }
    }

    /// <summary>The sum to the places from number <paramref name="first"/> on.</summary>
    private void Copy(int first, int at, int length)
    {
        for (var i = first; i < targets.Length; i++)
        {
            VectorSum.Copy((float*)targets[0] + at, (float*)targets[i] + at, length);
        }
    }

    private float* At(int operand, int start, int offset) =>
        (float*)places[operand] + (operand >= merge.Partials ? 0 : arrives[operand] ? offset : start + offset);
}
