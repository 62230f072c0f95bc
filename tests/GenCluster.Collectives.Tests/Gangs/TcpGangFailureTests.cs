using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

/// <summary>Whatever a peer does, a member gets an exception with the reason, soon, and its peers notice.</summary>
public sealed class TcpGangFailureTests
{
    // Two members of one shard each; each owns 32 of the 64 elements. Member 1 is node 3 of the tree.
    private static readonly GangPlan Pair = GangPlan.Even(2, 2, 64, 64);
    private static readonly FrameHeader FirstFrame = new(FrameKind.Partial, Epoch: 5, Step: 0, Phase: 0, Chunk: 0, Node: 3, Checksum: 0, Length: 128);

    [Fact]
    public async Task A_scripted_peer_that_keeps_to_the_plan_is_understood()
    {
        using var pair = await ScriptedPair.StartAsync();
        var (mine, theirs) = (Vectors.OfShard(1, 0, 0, 64), Vectors.OfShard(1, 0, 1, 64));
        var sum = Vectors.TreeSum([mine, theirs]);

        pair.Peer.SendFrame(FirstFrame, theirs[..32]);
        pair.Peer.SendFrame(FirstFrame with { Kind = FrameKind.Sum, Node = 1 }, sum[32..]);

        (await pair.Result).Sum.ShouldBeBitwise(sum);
    }

    [Fact]
    public async Task A_peer_that_dies_in_the_middle_of_a_frame_is_lost_to_all()
    {
        using var trio = Loopback.Listening(GangPlan.Even(4, 3, 10_000));
        var joins = trio.JoinAsync(null, [0, 1]);
        using var toZero = await RawPeer.JoinAsync(trio.Invitation(2), 0);
        using var toOne = await RawPeer.JoinAsync(trio.Invitation(2), 1);
        await joins;

        var running = trio.AllReduceAsync(seed: 1);
        toZero.SendHeader(FirstFrame with { Node = 7, Length = trio.Plan.SliceOf(0, 0).Length * 4 }).Send(new byte[100]);
        toZero.Dispose();
        toOne.Dispose();

        (await running).ShouldAllBe(result => result.Broken!.Reason == GangBreak.PeerLost);
    }

    [Fact]
    public async Task A_gang_that_one_member_leaves_is_lost_to_all_others()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(4, 4, 10_000));
        await gang.AllReduceAsync(seed: 1);

        gang.Gangs[1].Dispose();
        var results = await gang.AllReduceAsync(seed: 1, _ => 1);

        results.Select(result => result.Broken!.Reason).ShouldBe([GangBreak.PeerLost, GangBreak.Aborted, GangBreak.PeerLost, GangBreak.PeerLost]);
    }

    [Fact]
    public async Task A_silent_peer_runs_into_the_deadline()
    {
        using var pair = await ScriptedPair.StartAsync(new GangOptions { Deadline = TimeSpan.FromMilliseconds(100) });

        var broken = (await pair.Result).Broken!;

        broken.Reason.ShouldBe(GangBreak.Deadline);
        (broken.Member, broken.Peer).ShouldBe((0, 1));
        broken.Message.ShouldBe("member 0: nothing came from member 1 for 0.1 s in step 0, phase 0");
        pair.Peer.ShouldBeClosed();
    }

    [Fact]
    public async Task A_half_closed_peer_is_lost()
    {
        using var pair = await ScriptedPair.StartAsync();

        pair.Peer.HalfClose();

        (await pair.Result).Broken!.Message.ShouldBe("member 0: member 1 closed its connection in step 0, phase 0");
        pair.Peer.ShouldBeClosed();
    }

    [Fact]
    public async Task Abort_from_another_thread_wakes_a_blocked_member_and_its_peer()
    {
        using var pair = await ScriptedPair.StartAsync();

        pair.Peer.SendHeader(FirstFrame).Send(new byte[64]); // it is in the middle of a payload, for sure or soon
        pair.Gang.Abort();

        (await pair.Result).Broken!.Reason.ShouldBe(GangBreak.Aborted);
        pair.Peer.ShouldBeClosed();
    }

    [Fact]
    public async Task A_dead_gang_stays_dead_and_says_why()
    {
        using var pair = await ScriptedPair.StartAsync();
        pair.Peer.HalfClose();
        var first = (await pair.Result).Broken!;

        pair.Gang.Abort();
        var again = Loopback.AllReduce(pair.Gang, seed: 1).Broken!;

        (again.Reason, again.Peer, again.Message).ShouldBe((first.Reason, first.Peer, first.Message));
    }

    [Fact]
    public async Task Members_at_different_steps_do_not_sum()
    {
        using var gang = await Loopback.JoinedAsync(Pair);

        var results = await gang.AllReduceAsync(seed: 1, member => 5 + member);

        ShouldMismatch(results, "is at step");
    }

    [Fact]
    public async Task Members_in_different_phases_do_not_sum()
    {
        using var gang = await Loopback.JoinedAsync(GangPlan.Even(2, 2, 64, 100));

        var results = await gang.AllReduceAsync(seed: 1, phase: member => member);

        ShouldMismatch(results, "all members must reduce the same steps in the same order");
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "a longer payload", "Length = 132" },
        { "the longest payload", "Length = 2147483647" },
        { "a negative length", "Length = -1" },
        { "another chunk", "Chunk = 1" },
        { "another node", "Node = 2" },
        { "another epoch", "Epoch = 4" },
        { "another kind", "Kind = Sum" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_header_that_lies_is_a_breach_of_protocol(string lie, string shown)
    {
        using var pair = await ScriptedPair.StartAsync();

        pair.Peer.SendHeader(lie switch
        {
            "a longer payload" => FirstFrame with { Length = 132 },
            "the longest payload" => FirstFrame with { Length = int.MaxValue },
            "a negative length" => FirstFrame with { Length = -1 },
            "another chunk" => FirstFrame with { Chunk = 1 },
            "another node" => FirstFrame with { Node = 2 },
            "another epoch" => FirstFrame with { Epoch = 4 },
            _ => FirstFrame with { Kind = FrameKind.Sum },
        });

        var broken = (await pair.Result).Broken!;
        broken.Reason.ShouldBe(GangBreak.Protocol);
        broken.Message.ShouldContain(shown);
        pair.Peer.ShouldBeClosed();
    }

    [Fact]
    public async Task Garbage_is_a_breach_of_protocol()
    {
        using var pair = await ScriptedPair.StartAsync();

        pair.Peer.Send([.. Enumerable.Repeat((byte)0xdf, FrameHeader.Size)]);

        (await pair.Result).Broken!.Reason.ShouldBe(GangBreak.Protocol);
        pair.Peer.ShouldBeClosed();
    }

    [Fact]
    public async Task A_damaged_payload_is_found_by_its_checksum()
    {
        using var pair = await ScriptedPair.StartAsync();

        pair.Peer.SendHeader(FirstFrame with { Checksum = 1 }).Send(new byte[128]);

        (await pair.Result).Broken!.Message.ShouldBe("member 0: a frame of member 1 was damaged on the way: its checksum does not match its 128 bytes");
    }

    [Fact]
    public async Task Random_streams_break_the_gang_and_nothing_else()
    {
        var random = new Random(99);
        for (var round = 0; round < 40; round++)
        {
            using var pair = await ScriptedPair.StartAsync();
            var bytes = RawPeer.Bytes(FirstFrame).Concat(new byte[random.Next(200)]).ToArray();
            bytes[random.Next(FrameHeader.Size)] ^= (byte)random.Next(1, 256);

            pair.Peer.Send(bytes).HalfClose();

            (await pair.Result).Broken!.Reason.ShouldBeOneOf(GangBreak.Protocol, GangBreak.StepMismatch, GangBreak.PeerLost);
        }
    }

    private static void ShouldMismatch((float[] Sum, GangBrokenException? Broken)[] results, string shown)
    {
        // The first to notice closes its connections, which the other may see before it has read the frame.
        results.ShouldAllBe(result => result.Broken!.Reason == GangBreak.StepMismatch || result.Broken.Reason == GangBreak.PeerLost);
        results.ShouldContain(result => result.Broken!.Reason == GangBreak.StepMismatch && result.Broken.Message.Contains(shown));
    }

    /// <summary>Member 0 is real and in its first all-reduce, member 1 is played by the test.</summary>
    private sealed class ScriptedPair(Loopback loopback, RawPeer peer) : IDisposable
    {
        public RawPeer Peer => peer;

        public TcpGang Gang => loopback.Gangs[0];

        public Task<(float[] Sum, GangBrokenException? Broken)> Result { get; } = FirstOfAsync(loopback.AllReduceAsync(seed: 1));

        public static async Task<ScriptedPair> StartAsync(GangOptions? options = null)
        {
            var loopback = Loopback.Listening(Pair);
            var join = loopback.JoinAsync(options, [0]);
            var peer = await RawPeer.JoinAsync(loopback.Invitation(1), 0);
            await join;
            return new ScriptedPair(loopback, peer);
        }

        public void Dispose()
        {
            peer.Dispose();
            loopback.Dispose();
        }

        private static async Task<T> FirstOfAsync<T>(Task<T[]> all) => (await all)[0];
    }
}
