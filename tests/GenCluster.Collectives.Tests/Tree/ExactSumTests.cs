using FsCheck.Xunit;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Tree;

/// <summary>The promise that everything rests on, without wires: partials are handed over by copying.</summary>
public sealed class ExactSumTests
{
    [Property(MaxTest = 150)]
    public void Bits_of_the_sum_never_depend_on_the_division(int seed)
    {
        var random = new Random(seed);
        var shards = 1 << random.Next(7);
        var members = random.Next(1, Math.Min(8, shards) + 1);
        var plan = new GangPlan(shards, Vectors.RandomDivision(random, shards, members), random.Next(200));

        var alone = SumOf(GangPlan.Even(shards, 1, plan.Lengths[0]), seed);
        var divided = SumOf(plan, seed);

        alone.ShouldBeBitwise(Vectors.ExpectedSum(seed, 0, shards, plan.Lengths[0]));
        divided.ShouldBeBitwise(alone);
    }

    [Fact]
    public void Slices_of_several_chunks_are_summed_chunk_by_chunk()
    {
        var plan = new GangPlan(4, [new(0, 1), new(1, 3)], (5 * VectorSlice.ChunkElements) + 7);

        SumOf(plan, seed: 3).ShouldBeBitwise(Vectors.ExpectedSum(3, 0, 4, plan.Lengths[0]));
    }

    [Fact]
    public void The_order_matters_to_these_vectors()
    {
        var shards = Enumerable.Range(0, 8).Select(shard => Vectors.OfShard(1, 0, shard, 100)).ToList();

        var inSequence = shards.Aggregate(Vectors.Add);

        Vectors.TreeSum(shards).ShouldNotBe(inSequence, "or the tests above would prove nothing");
    }

    [Fact]
    public void Leaves_the_own_partials_whole()
    {
        var plan = new GangPlan(4, [new(0, 3), new(3, 1)], 64);
        var gradients = Enumerable.Range(0, 2).Select(member => Vectors.Gradients(plan, member, seed: 4)).ToArray();
        var before = gradients.Select(Copy).ToArray();

        Sum(plan, gradients);

        gradients.Select(Copy).ToArray().ShouldBeEquivalentTo(before);

        static float[][] Copy(ShardAccumulator gradients) => [.. Enumerable.Range(0, gradients.Partials).Select(i => gradients.Partial(i).ToArray())];
    }

    private static float[] SumOf(GangPlan plan, int seed) =>
        Sum(plan, [.. Enumerable.Range(0, plan.Members).Select(member => Vectors.Gradients(plan, member, seed))]);

    private static float[] Sum(GangPlan plan, ShardAccumulator[] gradients)
    {
        var sum = new float[plan.Lengths[0]];
        for (var owner = 0; owner < plan.Members; owner++)
        {
            var reducer = new SliceReducer(plan, owner);
            reducer.Begin(gradients[owner], sum);
            while (!reducer.Done)
            {
                HandOver(reducer, gradients, owner);
                reducer.TryReduce(sum).ShouldBeTrue();
            }
        }

        return sum;
    }

    private static void HandOver(SliceReducer reducer, ShardAccumulator[] gradients, int owner)
    {
        var chunk = reducer.Slice.Chunk(reducer.Reduced);
        foreach (var from in gradients.Where(from => from.Member != owner).Reverse())
        {
            for (var partial = 0; partial < from.Partials; partial++)
            {
                from.Partial(partial).Span.Slice(chunk.Start, chunk.Length).CopyTo(reducer.Arrival(from.Member, partial, chunk.Length));
                reducer.NoteArrival();
            }
        }
    }
}
