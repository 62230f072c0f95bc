using GenCluster.Certificates.Tests.Support;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

/// <summary>What every gang of several members promises, over whatever transport.</summary>
public abstract class GangContract
{
    private const int TwoPages = 2048;

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(2, 4, 1)]
    [InlineData(2, 2, 33)]
    [InlineData(2, 2, 32 * 1024)]
    [InlineData(2, 2, (32 * 1024) + 1)]
    [InlineData(3, 4, 1001)]
    [InlineData(4, 8, 17)]
    [InlineData(5, 8, 400_003)]
    [InlineData(5, 64, 1)]
    public async Task Every_member_gets_the_tree_sum_in_slot_0(int members, int shards, int length)
    {
        using var gang = await JoinedAsync(Vectors.Even(shards, members, length));

        for (var position = 0; position < 3; position++)
        {
            var results = await gang.AllReduceAsync(seed: 11, _ => position);

            var expected = Vectors.ExpectedSum(11, position, shards, length);
            results.ShouldAllBe(result => result.Broken == null);
            Array.ForEach(results, result => result.Sum.ShouldBeBitwise(expected));
        }
    }

    [Fact]
    public async Task An_uneven_division_gives_the_same_bits()
    {
        using var gang = await JoinedAsync(new GangPlan(16, [new(0, 1), new(1, 9), new(10, 6)], VectorLayout.Plain(5000)));

        var results = await gang.AllReduceAsync(seed: 12);

        Array.ForEach(results, result => result.Sum.ShouldBeBitwise(Vectors.ExpectedSum(12, 0, 16, 5000)));
    }

    [Fact]
    public async Task Vectors_far_larger_than_all_buffers_do_not_lock_it()
    {
        const int Length = (8 << 20) + 5;
        using var gang = await JoinedAsync(Vectors.Even(2, 2, Length));

        var results = await gang.AllReduceAsync(seed: 13);

        results[0].Broken.ShouldBeNull();
        results[0].Sum.ShouldBeBitwise(Vectors.ExpectedSum(13, 0, 2, Length));
        results[1].Sum.ShouldBeBitwise(results[0].Sum);
    }

    [Fact]
    public async Task Phases_have_buckets_of_their_own_and_what_lies_between_them_is_left_alone()
    {
        var layout = new VectorLayout(TwoPages, [new Bucket(1024, 1000), new Bucket(0, 999)], [new Bucket(32, 7)], [new Bucket(0, 0)]);
        using var gang = await JoinedAsync(GangPlan.Even(4, 2, layout));

        for (var phase = 2; phase >= 0; phase--)
        {
            gang.Memories[1].Slot(0)[1000..1024].Fill(-1);
            var results = await gang.AllReduceAsync(14, _ => 1, _ => phase);
            results[1].Sum.ShouldBeBitwise(Vectors.ExpectedSum(14, 1, 4, Vectors.LengthOf(gang.Plan, phase)));
            gang.Memories[1].Slot(0)[1000..1024].ToArray().ShouldAllBe(value => value == -1);
        }
    }

    [Fact]
    public async Task Buckets_are_reduced_one_by_one_in_any_order_that_all_keep()
    {
        using var gang = await JoinedAsync(GangPlan.Even(2, 2, new VectorLayout(TwoPages, [new Bucket(0, 1000), new Bucket(1008, 500)])));

        var sums = await Task.WhenAll(gang.Gangs.Select(member => Loopback.OnOwnThread(() =>
        {
            var vectors = Vectors.Filled(member.Plan, member.Member, gang.Memories[member.Member], 15);
            member.Reduce(vectors, 1, 0);
            member.Reduce(vectors, 0, 0);
            return Vectors.InBuckets(vectors);
        }))).WaitAsync(Loopback.Patience);

        Array.ForEach(sums, sum => sum.ShouldBeBitwise(Vectors.ExpectedSum(15, 0, 2, 1500)));
    }

    [Fact]
    public async Task A_collective_allocates_nothing()
    {
        using var gang = await JoinedAsync(GangPlan.Even(4, 2, new VectorLayout(200_064, [new Bucket(0, 200_000), new Bucket(200_000, 50)])));

        var allocated = await Task.WhenAll(gang.Gangs.Select(member => Loopback.OnOwnThread(() => Measure(member)))).WaitAsync(Loopback.Patience);

        // A read that has to wait takes a pooled state machine with it, which a thread makes once: when that happens is up to the machine.
        Array.ForEach(allocated, rounds => rounds.Count(bytes => bytes != 0).ShouldBeLessThanOrEqualTo(1, $"collectives allocated, in rounds of ten: {string.Join(", ", rounds)} bytes"));

        long[] Measure(WiredGang member)
        {
            var vectors = new ShardAccumulator(member.Plan, member.Member, gang.Memories[member.Member]);
            var position = 0;
            Round(); // the first one warms up
            return [Round(), Round(), Round(), Round(), Round()];

            long Round()
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var end = position + 10; position < end; position++)
                {
                    vectors.Begin(0);
                    vectors.Commit(2 * member.Member);
                    vectors.Commit((2 * member.Member) + 1);
                    member.AllReduce(vectors, position);
                }

                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }

    [Fact]
    public async Task Refuses_arguments_before_anything_is_said_and_lives_on()
    {
        using var gang = await JoinedAsync(Vectors.Even(2, 2, 64));
        var (plan, memory) = (gang.Plan, gang.Memories[0]);

        Refuses(Vectors.Filled(plan, 1, memory, 1), "the vectors are those of member 1, perhaps of another plan; give those of member 0 of this gang's plan");
        Refuses(Vectors.Filled(Vectors.Even(2, 2, 63), 0, memory, 1), "the vectors are those of member 0, perhaps of another plan");
        Refuses(new ShardAccumulator(plan, 0, memory), "the vectors of member 0 are not complete in bucket 0; commit all its shards 0..0 first");
        Refuses(Vectors.Filled(plan, 0, gang.Memories[1], 1), "the vectors of member 0 are in another memory than the gang was joined with");
        Refuses(Vectors.Filled(plan, 0, memory, 1), "phase 0 has no bucket 1; it has 1", bucket: 1);
        var results = await gang.AllReduceAsync(seed: 1);

        results.ShouldAllBe(result => result.Broken == null);

        void Refuses(ShardAccumulator vectors, string message, int bucket = 0) =>
            Should.Throw<ArgumentException>(() => gang.Gangs[0].Reduce(vectors, bucket, 0)).Message.ShouldStartWith(message);
    }

    [Fact]
    public async Task Members_at_different_positions_do_not_sum()
    {
        using var gang = await JoinedAsync(Vectors.Even(2, 2, 64));

        var results = await gang.AllReduceAsync(seed: 1, member => 5 + member);

        ShouldMismatch(results, "position 6, phase 0, bucket 0");
    }

    [Fact]
    public async Task Members_in_different_phases_do_not_sum()
    {
        using var gang = await JoinedAsync(Vectors.Even(2, 2, 64, 100));

        var results = await gang.AllReduceAsync(seed: 1, phase: member => member);

        ShouldMismatch(results, "all members must reduce the same in the same order");
    }

    [Fact]
    public async Task A_gang_that_one_member_leaves_is_lost_to_all_others()
    {
        using var gang = await JoinedAsync(Vectors.Even(4, 4, 10_000));
        await gang.AllReduceAsync(seed: 1);

        gang.Gangs[1].Dispose();
        var results = await gang.AllReduceAsync(seed: 1, _ => 1);

        results.Select(result => result.Broken!.Reason).ShouldBe([GangBreak.PeerLost, GangBreak.Aborted, GangBreak.PeerLost, GangBreak.PeerLost]);
    }

    [Fact]
    public async Task A_member_that_leaves_after_its_last_sum_takes_nothing_from_the_others()
    {
        using var gang = await JoinedAsync(Vectors.Even(4, 3, 100_000));

        var results = await Task.WhenAll(gang.Gangs.Select(member => Loopback.OnOwnThread(() =>
        {
            var result = Loopback.AllReduce(member, gang.Memories[member.Member], seed: 2);
            member.Abort();
            return result;
        }))).WaitAsync(Loopback.Patience);

        results.ShouldAllBe(result => result.Broken == null);
    }

    [Fact]
    public async Task A_silent_member_runs_the_others_into_the_deadline_which_names_it()
    {
        using var gang = await JoinedAsync(Vectors.Even(4, 3, 10_000), new GangOptions { Deadline = TimeSpan.FromMilliseconds(200) });

        var broken = (await Task.WhenAll(new[] { 0, 1 }.Select(member => Loopback.OnOwnThread(
            () => Loopback.AllReduce(gang.Gangs[member], gang.Memories[member], seed: 1).Broken!))).WaitAsync(Loopback.Patience)).First(e => e.Reason == GangBreak.Deadline);

        broken.WaitedFor.ShouldContain(2);
        broken.Message.ShouldContain("for 0.2 s in position 0, phase 0, bucket 0");
        broken.Log!.Dump().ShouldContain("member 2 ?");
    }

    [Fact]
    public async Task Abort_from_another_thread_wakes_a_blocked_member_and_its_peers_notice()
    {
        using var gang = await JoinedAsync(Vectors.Even(4, 3, 10_000));
        var blocked = new[] { 0, 1 }.Select(member => Loopback.OnOwnThread(() => Loopback.AllReduce(gang.Gangs[member], gang.Memories[member], seed: 1))).ToList();
        while (gang.Gangs.Take(2).Any(member => member.Log.Count == 0))
        {
            await Task.Yield();
        }

        gang.Gangs[0].Abort();

        var results = await Task.WhenAll(blocked).WaitAsync(Loopback.Patience);
        results.Select(result => result.Broken!.Reason).ShouldBe([GangBreak.Aborted, GangBreak.PeerLost]);
    }

    [Fact]
    public async Task A_dead_gang_stays_dead_and_says_why()
    {
        using var gang = await JoinedAsync(Vectors.Even(2, 2, 64));
        gang.Gangs[1].Dispose();
        var first = Loopback.AllReduce(gang.Gangs[0], gang.Memories[0], seed: 1).Broken!;

        gang.Gangs[0].Abort();
        var again = Loopback.AllReduce(gang.Gangs[0], gang.Memories[0], seed: 1).Broken!;

        first.Reason.ShouldBe(GangBreak.PeerLost);
        (again.Reason, again.Peer, again.Message).ShouldBe((first.Reason, first.Peer, first.Message));
        var counters = gang.Listeners[0].Counters;
        (counters.Broken, counters.BrokenBy(GangBreak.PeerLost), counters.Connections).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task The_memory_is_the_owners_again_when_the_gang_is_gone_and_serves_the_next_one()
    {
        using var pair = await JoinedAsync(Vectors.Even(2, 2, 64));
        await pair.AllReduceAsync(seed: 1);
        var address = pair.Memories[0].AddressOf(0);
        foreach (var gang in pair.Gangs)
        {
            gang.Dispose();
        }

        pair.Memories[0].AddressOf(0).ShouldBe(address);
        pair.Memories[0].Slot(0).ToArray().ShouldAllBe(value => value == 0);
        var next = await Task.WhenAll(Enumerable.Range(0, 2).Select(member => pair.JoinAsync(pair.Invitation(member) with { Epoch = 6 }, Options))).WaitAsync(Loopback.Patience);
        var results = await Task.WhenAll(next.Select(gang => Loopback.OnOwnThread(() => Loopback.AllReduce(gang, pair.Memories[gang.Member], seed: 9))));
        Array.ForEach(next, gang => gang.Dispose());
        Array.ForEach(results, result => result.Sum.ShouldBeBitwise(Vectors.ExpectedSum(9, 0, 2, 64)));
    }

    [Fact]
    public async Task The_late_are_known_to_all()
    {
        using var gang = await JoinedAsync(Vectors.Even(2, 2, 40_000));

        var early = Loopback.OnOwnThread(() => Loopback.AllReduce(gang.Gangs[0], gang.Memories[0], seed: 1));
        while (gang.Gangs[0].Log.Count == 0)
        {
            await Task.Yield();
        }

        await Task.Delay(30);
        Loopback.AllReduce(gang.Gangs[1], gang.Memories[1], seed: 1);
        await early.WaitAsync(Loopback.Patience);

        gang.Gangs.ShouldAllBe(member => member.Waits.Collectives == 1 && member.Waits.LatenessOf(0) == TimeSpan.Zero && member.Waits.LatenessOf(1) > TimeSpan.FromMilliseconds(10));
        gang.Gangs[0].Waits.Waited.ShouldBe(gang.Gangs[0].Waits.LatenessOf(1));
        gang.Gangs[1].Waits.Waited.ShouldBe(TimeSpan.Zero);
    }

    protected abstract GangOptions Options { get; }

    private Task<Loopback> JoinedAsync(GangPlan plan, GangOptions? options = null) =>
        Loopback.JoinedAsync(plan, (options ?? GangOptions.Default) with { Transport = Options.Transport, Host = Options.Host, Security = Options.Security });

    private static void ShouldMismatch((float[] Sum, GangBrokenException? Broken)[] results, string shown)
    {
        // The first to notice closes its connections, which the other may see before it has read what the first meant.
        results.ShouldAllBe(result => result.Broken!.Reason == GangBreak.OutOfPlace || result.Broken.Reason == GangBreak.PeerLost);
        results.ShouldContain(result => result.Broken!.Reason == GangBreak.OutOfPlace && result.Broken.Message.Contains(shown));
    }
}

public sealed class SharedMemoryGangTests : GangContract
{
    protected override GangOptions Options { get; } = new() { Transport = Transport.SharedMemory };
}

public sealed class UnixGangTests : GangContract
{
    protected override GangOptions Options { get; } = new() { Transport = Transport.Unix };
}

public sealed class TlsGangTests : GangContract, IDisposable
{
    private readonly Papers papers = new();

    public TlsGangTests() => Options = new GangOptions { Transport = Transport.Tcp, Security = papers.Security() };

    protected override GangOptions Options { get; }

    public void Dispose() => papers.Dispose();
}

public sealed class TcpGangTests : GangContract
{
    protected override GangOptions Options { get; } = new() { Transport = Transport.Tcp };
}
