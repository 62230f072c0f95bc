using FsCheck.Xunit;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Tree;

/// <summary>The promise that everything rests on, without wires: partials are read where they lie, or handed over by copying.</summary>
public sealed class ExactSumTests
{
    [Property(MaxTest = 150)]
    public void Bits_of_the_sum_never_depend_on_the_division(int seed)
    {
        var random = new Random(seed);
        var shards = 1 << random.Next(7);
        var members = random.Next(1, Math.Min(8, shards) + 1);
        var plan = new GangPlan(shards, Vectors.RandomDivision(random, shards, members), VectorLayout.Plain(random.Next(200)));

        ShouldBeTheTreeSum(plan, seed, (reader, owner) => ((reader ^ owner ^ seed) & 1) == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Slices_of_several_chunks_and_blocks_are_summed_piece_by_piece(bool reachable)
    {
        var plan = new GangPlan(8, [new(0, 1), new(1, 5), new(6, 2)], VectorLayout.Plain((7 * VectorSlice.ChunkElements) + 7));

        ShouldBeTheTreeSum(plan, seed: 3, (_, _) => reachable);
    }

    [Fact]
    public void The_order_matters_to_these_vectors()
    {
        var shards = Enumerable.Range(0, 8).Select(shard => Vectors.OfShard(1, 0, shard, 100)).ToList();

        var inSequence = shards.Aggregate(Vectors.Add);

        Vectors.TreeSum(shards).ShouldNotBe(inSequence, "or the tests above would prove nothing");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(100)]
    public void Both_kernels_give_the_bits_of_a_plain_addition(int length)
    {
        var (left, right) = (Vectors.OfShard(1, 0, 0, length), Vectors.OfShard(1, 0, 1, length));
        var (one, two, three) = (new float[length], new float[length], new float[length]);

        VectorSum.Add(left, right, one);
        AddTwice();

        one.ShouldBeBitwise(Vectors.Add(left, right));
        two.ShouldBeBitwise(one);
        three.ShouldBeBitwise(one);

        unsafe void AddTwice()
        {
            fixed (float* l = left, r = right, into = two, also = three)
            {
                VectorSum.Add(l, r, into, also, length);
            }
        }
    }

    private static void ShouldBeTheTreeSum(GangPlan plan, int seed, Func<int, int, bool> reaches)
    {
        var length = plan.Layout.Capacity;
        var memories = Enumerable.Range(0, plan.Members).Select(_ => new VectorMemory(length, plan.Shards)).ToArray();
        try
        {
            var vectors = memories.Select((memory, member) => Vectors.Filled(plan, member, memory, seed)).ToArray();

            var sums = Sum(plan, vectors, reaches);

            var expected = Vectors.ExpectedSum(seed, 0, plan.Shards, length);
            Array.ForEach(sums, sum => sum.ShouldBeBitwise(expected));
        }
        finally
        {
            Array.ForEach(memories, memory => memory.Dispose());
        }
    }

    private static float[][] Sum(GangPlan plan, ShardAccumulator[] vectors, Func<int, int, bool> reaches)
    {
        for (var owner = 0; owner < plan.Members && plan.Members > 1; owner++)
        {
            var reached = Enumerable.Range(0, plan.Members).Select(member => member == owner || reaches(owner, member)).ToArray();
            var memories = vectors.Select((from, member) => reached[member] ? from.Memory.AddressOf(0) : 0).ToArray();
            using var reducer = new SliceReducer(plan, owner, memories, [.. vectors.Select(from => from.Memory.Stride)]);
            reducer.Begin(VectorSlice.Of(plan.Layout.Phases[0][0], owner, plan.Members));
            for (var other = 1; other < reached.Count(yes => yes); other++)
            {
                reducer.NoteReachable();
            }

            while (!reducer.Done)
            {
                var chunk = reducer.Slice.Chunk(reducer.Reduced);
                HandOver(reducer, vectors.Where(from => !reached[from.Member]), chunk);
                reducer.TryReduce().ShouldBeTrue();

                // What cannot be reached is told.
                var sum = vectors[owner].Vector.Slice(chunk.Start, chunk.Length).ToArray();
                vectors.Where(to => !reached[to.Member]).ToList().ForEach(to => sum.CopyTo(to.Vector[chunk.Start..]));
            }
        }

        return [.. vectors.Select(Vectors.InBuckets)];
    }

    private static unsafe void HandOver(SliceReducer reducer, IEnumerable<ShardAccumulator> senders, VectorSlice chunk)
    {
        foreach (var from in senders.Reverse())
        {
            for (var partial = 0; partial < from.Partials; partial++)
            {
                from.Partial(partial, 0).Slice(chunk.Start, chunk.Length).CopyTo(new Span<float>(reducer.Arrival(from.Member, partial), chunk.Length));
                reducer.NoteArrival();
            }
        }
    }
}
