using FsCheck.Xunit;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Tree;

public sealed class ShardAccumulatorTests
{
    [Property(MaxTest = 50)]
    public void Every_partial_is_the_tree_sum_of_its_shards(int seed)
    {
        var random = new Random(seed);
        var shards = 1 << random.Next(7);
        var plan = new GangPlan(shards, Vectors.RandomDivision(random, shards, random.Next(1, Math.Min(9, shards + 1))), random.Next(40));

        for (var member = 0; member < plan.Members; member++)
        {
            var gradients = Vectors.Gradients(plan, member, seed);

            foreach (var (i, node) in plan.PartialsOf(member).Index())
            {
                var expected = Vectors.TreeSum([.. Enumerable.Range(node.FirstShard, node.Shards).Select(shard => Vectors.OfShard(seed, 0, shard, plan.Lengths[0]))]);
                gradients.Partial(i).ToArray().ShouldBeBitwise(expected);
            }
        }
    }

    [Fact]
    public void Holds_no_more_than_one_vector_for_each_level_and_partial()
    {
        var plan = GangPlan.Even(1024, 1, 8);
        var gradients = Vectors.Gradients(plan, 0, seed: 1);
        Vectors.Fill(gradients, seed: 2);

        gradients.Buffers.ShouldBeLessThanOrEqualTo(11);
    }

    [Fact]
    public void Copies_the_vector_so_that_its_memory_may_be_reused()
    {
        var gradients = new ShardAccumulator(GangPlan.Even(2, 1, 2), 0);
        float[] vector = [1, 2];

        gradients.Add(0, vector);
        vector.AsSpan().Fill(10);
        gradients.Add(1, vector);
        vector.AsSpan().Clear();

        gradients.Partial(0).ToArray().ShouldBe([11, 12]);
    }

    [Fact]
    public void Keeps_the_sign_of_a_zero_and_spreads_not_a_number()
    {
        var gradients = new ShardAccumulator(GangPlan.Even(2, 1, 2), 0);

        gradients.Add(0, [-0f, float.NaN]);
        gradients.Add(1, [-0f, 1]);

        var sum = gradients.Partial(0).ToArray();
        float.IsNegative(sum[0]).ShouldBeTrue();
        float.IsNaN(sum[1]).ShouldBeTrue();
    }

    [Fact]
    public void Refuses_a_shard_out_of_turn_and_a_vector_of_another_length()
    {
        var gradients = new ShardAccumulator(GangPlan.Even(4, 2, 3, 5), 1);

        Should.Throw<ArgumentException>(() => gradients.Add(3, new float[3])).Message
            .ShouldStartWith("member 1 with shards 2..3 cannot add shard 3 now; add shard 2 next");
        Should.Throw<ArgumentException>(() => gradients.Add(2, new float[5])).Message
            .ShouldStartWith("the vector of shard 2 has 5 elements; phase 0 has 3");

        gradients.Add(2, new float[3]);
        Should.Throw<InvalidOperationException>(() => gradients.Partial(0));
        gradients.Add(3, new float[3]);
        Should.Throw<ArgumentException>(() => gradients.Add(2, new float[3])).Message.ShouldContain("call Begin before the next step");
        gradients.Begin(1);
        gradients.Add(2, new float[5]);
    }
}
