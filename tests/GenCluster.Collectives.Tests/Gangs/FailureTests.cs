using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

/// <summary>Whatever a peer does, a member gets an exception with the reason, soon, and its peers notice.</summary>
public sealed class FailureTests
{
    // Two members of one shard each, which send each other the whole of a short vector. Member 1 is node 3 of the tree.
    private static readonly GangPlan Pair = Vectors.Even(2, 2, 64, 64);
    private static readonly GangPlan Long = Vectors.Even(2, 2, 40_000);
    private static readonly FrameHeader FirstFrame = new(FrameKind.Partial, Epoch: 5, new CollectivePlace(0, 0, 0), Chunk: 0, Node: 3, Ready: 1, Checksum: 0, Length: 256);

    [Fact]
    public async Task A_scripted_peer_that_keeps_to_the_plan_is_understood()
    {
        using var pair = await ScriptedPair.StartAsync();
        var (mine, theirs) = (Vectors.OfShard(1, 0, 0, 64), Vectors.OfShard(1, 0, 1, 64));

        pair.Peer.SendFrame(FirstFrame, theirs);

        (await pair.Result).Sum.ShouldBeBitwise(Vectors.TreeSum([mine, theirs]));
    }

    [Fact]
    public async Task A_scripted_peer_sends_its_partial_and_then_its_sum_of_a_long_vector()
    {
        using var pair = await ScriptedPair.StartAsync(plan: Long);
        var (mine, theirs) = (Vectors.OfShard(1, 0, 0, 40_000), Vectors.OfShard(1, 0, 1, 40_000));
        var sum = Vectors.TreeSum([mine, theirs]);

        pair.Peer.SendFrame(FirstFrame, theirs[..20_000]);
        pair.Peer.SendFrame(FirstFrame with { Kind = FrameKind.Sum, Node = 1 }, sum[20_000..]);

        (await pair.Result).Sum.ShouldBeBitwise(sum);
    }

    [Fact]
    public async Task A_peer_that_dies_in_the_middle_of_a_frame_is_lost_to_all()
    {
        using var trio = Loopback.Listening(Vectors.Even(4, 3, 10_000));
        var joins = trio.JoinAsync(default(GangOptions), [0, 1]);
        using var toZero = await RawPeer.JoinAsync(trio.Invitation(2), 0);
        using var toOne = await RawPeer.JoinAsync(trio.Invitation(2), 1);
        await joins;

        var running = trio.AllReduceAsync(seed: 1);
        toZero.SendHeader(FirstFrame with { Node = 7, Length = VectorSlice.Of(new Bucket(0, 10_000), 0, 3).Length * 4 }).Send(new byte[100]);
        toZero.Dispose();
        toOne.Dispose();

        (await running).ShouldAllBe(result => result.Broken!.Reason == GangBreak.PeerLost);
    }

    [Fact]
    public async Task A_silent_peer_runs_into_the_deadline()
    {
        using var pair = await ScriptedPair.StartAsync(new GangOptions { Deadline = TimeSpan.FromMilliseconds(100) });

        var broken = (await pair.Result).Broken!;

        broken.Reason.ShouldBe(GangBreak.Deadline);
        (broken.Member, broken.Peer).ShouldBe((0, 1));
        broken.Message.ShouldBe("member 0: nothing came from member 1 for 0.1 s in position 0, phase 0, bucket 0");
        pair.Peer.ShouldBeClosed();
    }

    [Fact]
    public async Task A_frozen_peer_that_reads_nothing_runs_into_the_deadline_too()
    {
        using var pair = await ScriptedPair.StartAsync(new GangOptions { Deadline = TimeSpan.FromMilliseconds(200) }, Vectors.Even(2, 2, 16 << 20));

        var broken = (await pair.Result).Broken!;

        (broken.Reason, broken.Peer).ShouldBe((GangBreak.Deadline, 1));
        broken.WaitedFor.ShouldBe([1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FrameHeader.Size - 1)]
    [InlineData(FrameHeader.Size)]
    [InlineData(FrameHeader.Size + 1)]
    [InlineData(FrameHeader.Size + 79_999)]
    [InlineData(FrameHeader.Size + 80_000)]
    [InlineData((2 * FrameHeader.Size) + 80_003)]
    public async Task A_peer_that_closes_anywhere_in_its_frames_is_lost(int sent)
    {
        using var pair = await ScriptedPair.StartAsync(plan: Long);
        var (mine, theirs) = (Vectors.OfShard(1, 0, 0, 40_000), Vectors.OfShard(1, 0, 1, 40_000));
        byte[] all =
        [
            .. RawPeer.Frame(FirstFrame, theirs[..20_000]),
            .. RawPeer.Frame(FirstFrame with { Kind = FrameKind.Sum, Node = 1 }, Vectors.Add(mine, theirs)[20_000..]),
        ];

        pair.Peer.Send(all[..sent]).Dispose();

        var broken = (await pair.Result).Broken!;
        (broken.Reason, broken.Peer).ShouldBe((GangBreak.PeerLost, 1));
        broken.WaitedFor.ShouldBe([1]);
    }

    [Fact]
    public async Task A_half_closed_peer_is_lost()
    {
        using var pair = await ScriptedPair.StartAsync();

        pair.Peer.HalfClose();

        (await pair.Result).Broken!.Message.ShouldBe("member 0: member 1 closed its connection in position 0, phase 0, bucket 0");
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

    public static TheoryData<string, string> Lies => new()
    {
        { "a longer payload", "Length = 260" },
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
            "a longer payload" => FirstFrame with { Length = 260 },
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

        pair.Peer.SendHeader(FirstFrame with { Checksum = 1 }).Send(new byte[256]);

        (await pair.Result).Broken!.Message.ShouldBe("member 0: a frame of member 1 was damaged on the way: its checksum does not match its 256 bytes");
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

            (await pair.Result).Broken!.Reason.ShouldBeOneOf(GangBreak.Protocol, GangBreak.OutOfPlace, GangBreak.PeerLost);
        }
    }

    /// <summary>Member 0 is real and in its first all-reduce, member 1 is played by the test.</summary>
    private sealed class ScriptedPair(Loopback loopback, RawPeer peer) : IDisposable
    {
        public RawPeer Peer => peer;

        public WiredGang Gang => loopback.Gangs[0];

        public Task<(float[] Sum, GangBrokenException? Broken)> Result { get; } = FirstOfAsync(loopback.AllReduceAsync(seed: 1));

        public static async Task<ScriptedPair> StartAsync(GangOptions? options = null, GangPlan? plan = null)
        {
            var loopback = Loopback.Listening(plan ?? Pair);
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
