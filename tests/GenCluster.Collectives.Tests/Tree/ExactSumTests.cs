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
    public void The_kernel_gives_the_bits_of_a_plain_addition(int length)
    {
        var (left, right) = (Vectors.OfShard(1, 0, 0, length), Vectors.OfShard(1, 0, 1, length));
        var sum = new float[length];

        VectorSum.Add(left, right, sum);

        sum.ShouldBeBitwise(Vectors.Add(left, right));
    }

    [Theory]
    [MemberData(nameof(Crowns))]
    public void The_crown_in_one_pass_gives_the_bits_of_its_additions_one_by_one(bool isLeftSum, bool isRightSum, int places, int length, bool isInPlace)
    {
        float[][] operands = [.. Enumerable.Range(0, 4).Select(shard => Vectors.OfShard(1, 0, shard, length))];
        var left = isLeftSum ? Vectors.Add(operands[0], operands[1]) : operands[0];
        var right = isRightSum ? Vectors.Add(operands[2], operands[3]) : operands[2];
        var expected = Vectors.Add(left, right);

        float[][] sums = isInPlace ? operands[..places] : [.. Enumerable.Range(0, places).Select(_ => new float[length])];
        Add(operands, isLeftSum, isRightSum, sums, length);

        Array.ForEach(sums, sum => sum.ShouldBeBitwise(expected));
    }

    public static IEnumerable<TheoryDataRow<bool, bool, int, int, bool>> Crowns() =>
        from isLeftSum in new[] { false, true }
        from isRightSum in new[] { false, true }
        from places in Enumerable.Range(1, CrownSum.MostPlaces)
        from length in new[] { 0, 1, 15, 16, 100 }
        from isInPlace in new[] { false, true }
        select new TheoryDataRow<bool, bool, int, int, bool>(isLeftSum, isRightSum, places, length, isInPlace);

    private static unsafe void Add(float[][] operands, bool isLeftSum, bool isRightSum, float[][] sums, int length)
    {
        fixed (float* a = operands[0], b = operands[1], c = operands[2], d = operands[3], first = sums[0], second = sums[1 % sums.Length], third = sums[2 % sums.Length], fourth = sums[3 % sums.Length])
        {
            var places = stackalloc float*[] { first, second, third, fourth };
            CrownSum.Add(a, isLeftSum ? b : null, c, isRightSum ? d : null, places, sums.Length, length);
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
