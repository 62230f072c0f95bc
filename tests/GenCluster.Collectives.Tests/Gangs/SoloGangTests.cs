using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

public sealed class SoloGangTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1000)]
    [InlineData(4, 0)]
    [InlineData(2, 200_000)]
    public void Sums_in_tree_order(int shards, int length)
    {
        using var gang = new SoloGang(GangPlan.Even(shards, 1, length));

        var (sum, broken) = Loopback.AllReduce(gang, seed: 1);

        broken.ShouldBeNull();
        sum.ShouldBeBitwise(Vectors.ExpectedSum(1, 0, shards, length));
    }

    [Fact]
    public void Allocates_nothing_in_a_step()
    {
        using var gang = new SoloGang(GangPlan.Even(8, 1, 70_000, 100));
        var gradients = new ShardAccumulator(gang.Plan, 0);
        var vector = new float[70_000];
        var sum = new float[70_000];
        Step(0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(1);
        Step(2);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Step(long step)
        {
            for (var phase = 0; phase < 2; phase++)
            {
                gradients.Begin(phase);
                for (var shard = 0; shard < 8; shard++)
                {
                    gradients.Add(shard, vector.AsSpan(0, gradients.Length));
                }

                gang.AllReduce(gradients, sum.AsSpan(0, gradients.Length), step);
            }
        }
    }

    [Fact]
    public void Refuses_what_does_not_fit_the_plan_and_lives_on()
    {
        using var gang = new SoloGang(GangPlan.Even(2, 1, 10));
        var gradients = new ShardAccumulator(gang.Plan, 0);

        Should.Throw<ArgumentException>(() => gang.AllReduce(gradients, new float[10], 0)).Message
            .ShouldBe("the gradients of member 0 are not complete; add all its shards 0..1 first");
        Vectors.Fill(gradients, seed: 1);
        Should.Throw<ArgumentException>(() => gang.AllReduce(gradients, new float[9], 0)).Message
            .ShouldBe("the sum has room for 9 elements; phase 0 has 10");
        Should.Throw<ArgumentException>(() => gang.AllReduce(Vectors.Gradients(GangPlan.Even(2, 1, 11), 0, 1), new float[11], 0)).Message
            .ShouldStartWith("the gradients are those of member 0, perhaps of another plan");
        gang.AllReduce(gradients, new float[10], 0);
    }

    [Fact]
    public void Has_one_member_and_can_be_aborted()
    {
        Should.Throw<ArgumentException>(() => new SoloGang(GangPlan.Even(2, 2, 10)));
        using var gang = new SoloGang(GangPlan.Even(2, 1, 10));

        gang.Abort();

        Loopback.AllReduce(gang, seed: 1).Broken!.Reason.ShouldBe(GangBreak.Aborted);
    }
}
