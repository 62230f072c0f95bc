using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
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
        using var gang = new SoloGang(Vectors.Even(shards, 1, length));
        using var memory = new VectorMemory(length, shards);

        var (sum, broken) = Loopback.AllReduce(gang, memory, seed: 1);

        broken.ShouldBeNull();
        sum.ShouldBeBitwise(Vectors.ExpectedSum(1, 0, shards, length));
    }

    [Fact]
    public void Allocates_nothing_in_a_step()
    {
        using var gang = new SoloGang(Vectors.Even(8, 1, 70_000, 100));
        using var memory = new VectorMemory(70_000, 8);
        var vectors = new ShardAccumulator(gang.Plan, 0, memory);
        Step(0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(1);
        Step(2);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Step(long position)
        {
            for (var phase = 0; phase < 2; phase++)
            {
                vectors.Begin(phase);
                for (var shard = 0; shard < 8; shard++)
                {
                    vectors.Commit(shard);
                }

                gang.AllReduce(vectors, position);
            }
        }
    }

    [Fact]
    public void Refuses_what_does_not_fit_the_plan_and_lives_on()
    {
        using var gang = new SoloGang(Vectors.Even(2, 1, 10));
        using var memory = new VectorMemory(11, 2);
        var vectors = new ShardAccumulator(gang.Plan, 0, memory);

        Should.Throw<ArgumentException>(() => gang.AllReduce(vectors, 0)).Message
            .ShouldBe("the vectors of member 0 are not complete in bucket 0; commit all its shards 0..1 first");
        Should.Throw<ArgumentException>(() => gang.AllReduce(Vectors.Filled(Vectors.Even(2, 1, 11), 0, memory, 1), 0)).Message
            .ShouldStartWith("the vectors are those of member 0, perhaps of another plan");
        Vectors.Fill(vectors, seed: 1);
        gang.AllReduce(vectors, 0);
    }

    [Fact]
    public void Has_one_member_and_can_be_aborted()
    {
        Should.Throw<ArgumentException>(() => new SoloGang(Vectors.Even(2, 2, 10)));
        using var gang = new SoloGang(Vectors.Even(2, 1, 10));
        using var memory = new VectorMemory(10, 2);

        gang.Abort();

        Loopback.AllReduce(gang, memory, seed: 1).Broken!.Reason.ShouldBe(GangBreak.Aborted);
    }
}
