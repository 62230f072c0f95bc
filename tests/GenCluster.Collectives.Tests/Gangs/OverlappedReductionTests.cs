using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

public sealed class OverlappedReductionTests
{
    private static readonly VectorLayout Three = new(3072, [new Bucket(0, 1000), new Bucket(1024, 1000), new Bucket(2048, 1000)], [new Bucket(0, 5)]);

    [Fact]
    public async Task Buckets_that_become_ready_in_any_order_are_summed_in_one()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(4, 3, Three));

        var sums = await Task.WhenAll(gang.Gangs.Select(member => Loopback.OnOwnThread(() =>
        {
            var vectors = Vectors.Filled(gang.Plan, member.Member, gang.Memories[member.Member], seed: 3);
            using var overlap = new OverlappedReduction(member, vectors);
            overlap.Begin(0, [2, 0, 1]);
            for (var i = 0; i < 3; i++)
            {
                overlap.Ready((member.Member + i) % 3);
            }

            overlap.Finish();
            var first = Vectors.InBuckets(vectors);
            Vectors.Fill(vectors, seed: 4, phase: 1);
            overlap.Begin(1);
            overlap.Ready(0);
            overlap.Finish();
            return (first, second: Vectors.InBuckets(vectors));
        }))).WaitAsync(Loopback.Patience);

        sums.ShouldAllBe(sum => sum.first.SequenceEqual(Vectors.ExpectedSum(3, 0, 4, 3000)) && sum.second.SequenceEqual(Vectors.ExpectedSum(4, 0, 4, 5)));
    }

    [Fact]
    public async Task A_broken_gang_is_told_by_Finish()
    {
        using var pair = await Loopback.JoinedAsync(GangPlan.Even(2, 2, Three));
        var vectors = Vectors.Filled(pair.Plan, 0, pair.Memories[0], seed: 3);
        using var overlap = new OverlappedReduction(pair.Gangs[0], vectors);
        pair.Gangs[1].Dispose();

        overlap.Begin(0);
        for (var bucket = 0; bucket < 3; bucket++)
        {
            overlap.Ready(bucket);
        }

        Should.Throw<GangBrokenException>(overlap.Finish).Reason.ShouldBe(GangBreak.PeerLost);
    }

    [Fact]
    public async Task Disposing_in_the_middle_ends_the_gang_and_the_thread()
    {
        using var pair = await Loopback.JoinedAsync(GangPlan.Even(2, 2, Three));
        var vectors = Vectors.Filled(pair.Plan, 0, pair.Memories[0], seed: 3);
        var overlap = new OverlappedReduction(pair.Gangs[0], vectors);
        overlap.Begin(0);
        overlap.Ready(0);

        overlap.Dispose();

        Loopback.AllReduce(pair.Gangs[0], pair.Memories[0], seed: 1).Broken!.Reason.ShouldBe(GangBreak.Aborted);
    }

    [Fact]
    public void Says_what_was_called_in_the_wrong_order()
    {
        using var gang = new SoloGang(GangPlan.Even(1, 1, Three));
        using var memory = new VectorMemory(3072, 1);
        using var overlap = new OverlappedReduction(gang, Vectors.Filled(gang.Plan, 0, memory, seed: 1));

        Should.Throw<ArgumentException>(() => overlap.Begin(0, [0, 1, 1])).Message.ShouldStartWith("the order 0, 1, 1 does not name each of the phase's 3 buckets once");
        overlap.Begin(0);
        Should.Throw<InvalidOperationException>(overlap.Finish).Message.ShouldBe("bucket 0 of position 0 was not said to be ready");
        Should.Throw<InvalidOperationException>(() => overlap.Begin(1)).Message.ShouldBe("3 buckets of position 0 are not reduced yet; call Finish first");
    }
}
