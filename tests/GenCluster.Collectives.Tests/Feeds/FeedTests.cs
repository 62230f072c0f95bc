using System.Net;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Tests.Support;

namespace GenCluster.Collectives.Tests.Feeds;

public sealed class FeedTests : IDisposable
{
    private static readonly FeedInvitation Invitation = new() { Trial = Loopback.Trial, Epoch = 5, Secret = Loopback.Secret, StateHash = new byte[32] };

    private readonly GangListener listener = new(IPAddress.Loopback);

    public static TheoryData<Transport> Transports => [Transport.Tcp, Transport.Unix];

    public void Dispose() => listener.Dispose();

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_state_goes_over_in_messages_of_any_length_and_ends_when_the_source_has_finished(Transport transport)
    {
        int[] lengths = [0, 1, 5_000_001, 300_000];
        using var offer = listener.Offer(Invitation, feed =>
        {
            using (feed)
            {
                for (var i = 0; i < lengths.Length; i++)
                {
                    feed.Write((byte)i, 100 + i, Payload(lengths[i]));
                }
            }
        });

        using var feed = FeedConnection.Dial(Invitation, listener.EndPoint, new GangOptions { Transport = transport });
        for (var i = 0; i < lengths.Length; i++)
        {
            var header = await Loopback.OnOwnThread(feed.Read).WaitAsync(Loopback.Patience);
            (header.Kind, header.Position, header.Length).ShouldBe(((byte)i, 100 + i, lengths[i]));
            var payload = new byte[header.Length];
            feed.ReadPayload(payload);
            payload.AsSpan().SequenceEqual(Payload(lengths[i])).ShouldBeTrue();
        }

        Should.Throw<FeedBrokenException>(() => feed.Read()).Reason.ShouldBe(FeedBreak.Closed);
    }

    [Fact]
    public async Task Both_ends_can_write_while_they_read()
    {
        var echo = new TaskCompletionSource<byte[]>();
        using var offer = listener.Offer(Invitation, feed =>
        {
            var writing = Loopback.OnOwnThread(() =>
            {
                feed.Write(1, 0, Payload(3_000_000));
                return true;
            });
            var answer = new byte[feed.Read().Length];
            feed.ReadPayload(answer);
            writing.GetAwaiter().GetResult();
            echo.SetResult(answer);
        });
        using var feed = FeedConnection.Dial(Invitation, listener.EndPoint);

        var sending = Loopback.OnOwnThread(() =>
        {
            feed.Write(2, 0, Payload(2_000_000));
            return true;
        });
        var got = new byte[feed.Read().Length];
        feed.ReadPayload(got);

        await sending.WaitAsync(Loopback.Patience);
        (await echo.Task.WaitAsync(Loopback.Patience)).Length.ShouldBe(2_000_000);
        got.Length.ShouldBe(3_000_000);
    }

    [Fact]
    public async Task A_receiver_that_comes_before_the_offer_waits_for_it()
    {
        var dial = Loopback.OnOwnThread(() => FeedConnection.Dial(Invitation, listener.EndPoint));
        using var stranger = RawPeer.Dial(listener.EndPoint);
        stranger.Send(0, 0, 0).ShouldBeRefused(HelloRefusal.Malformed);

        using var offer = listener.Offer(Invitation, feed => feed.Dispose());

        (await dial.WaitAsync(Loopback.Patience)).Dispose();
    }

    [Fact]
    public void Several_receivers_have_each_a_feed_of_its_own()
    {
        var count = 0;
        using var offer = listener.Offer(Invitation, feed => feed.Write((byte)Interlocked.Increment(ref count), 0, []));
        using var one = FeedConnection.Dial(Invitation, listener.EndPoint);
        using var two = FeedConnection.Dial(Invitation, listener.EndPoint);

        new[] { (int)one.Read().Kind, two.Read().Kind }.Order().ShouldBe([1, 2]);
    }

    [Fact]
    public void Who_is_not_invited_is_refused_with_the_reason()
    {
        using var offer = listener.Offer(Invitation, feed => feed.Dispose());

        Refusal(Invitation with { StateHash = Loopback.Secret }).ShouldBe(HelloRefusal.State);
        Refusal(Invitation with { Secret = new byte[32] }).ShouldBe(HelloRefusal.Secret);
        Refusal(Invitation with { Epoch = 4 }).ShouldBe(HelloRefusal.StaleEpoch);

        HelloRefusal? Refusal(FeedInvitation invitation) =>
            Should.Throw<FeedBrokenException>(() => FeedConnection.Dial(invitation, listener.EndPoint)).Refusal;
    }

    [Fact]
    public void A_feed_and_a_gang_of_the_same_trial_do_not_meet()
    {
        using var quick = new GangListener(IPAddress.Loopback, options: new() { HoldLimit = TimeSpan.FromMilliseconds(20) });
        using var other = quick.Offer(Invitation with { Epoch = 6 }, feed => feed.Dispose());
        using var peer = RawPeer.Dial(quick.EndPoint);

        peer.Send(new HelloMessage.Hello(
            HelloPurpose.Gang, Loopback.Trial, 6, 1, 0, DataType.Float32, new byte[32], new byte[32], new HelloOffer(Guid.Empty, TransportSet.Tcp, Collectives.Memory.MemoryOffer.None)));

        peer.ShouldBeRefused(HelloRefusal.NotExpected);
    }

    [Fact]
    public void Nobody_there_by_the_deadline_is_said()
    {
        var options = new GangOptions { JoinDeadline = TimeSpan.FromMilliseconds(100), RedialAfter = TimeSpan.FromMilliseconds(1) };

        var broken = Should.Throw<FeedBrokenException>(() => FeedConnection.Dial(Invitation, listener.EndPoint, options));

        broken.Reason.ShouldBe(FeedBreak.Deadline);
        broken.Message.ShouldBe($"feed of trial 'trial-7', epoch 5: not offered at {listener.EndPoint} within 0.1 s");
    }

    [Fact]
    public async Task A_source_that_says_nothing_runs_into_the_deadline_and_one_that_is_ended_here_says_so()
    {
        var ends = new TaskCompletionSource<FeedConnection>();
        using var offer = listener.Offer(Invitation, ends.SetResult);
        using var feed = FeedConnection.Dial(Invitation, listener.EndPoint, new GangOptions { Deadline = TimeSpan.FromMilliseconds(50) });
        using var source = await ends.Task.WaitAsync(Loopback.Patience);

        Should.Throw<FeedBrokenException>(() => feed.Read()).Reason.ShouldBe(FeedBreak.Deadline);
        var blocked = Loopback.OnOwnThread(() => Should.Throw<FeedBrokenException>(() => source.Read()).Reason);
        source.Dispose();

        (await blocked.WaitAsync(Loopback.Patience)).ShouldBe(FeedBreak.Aborted);
    }

    [Fact]
    public async Task A_receiver_that_reads_nothing_runs_the_writer_into_its_deadline()
    {
        var ends = new TaskCompletionSource<FeedBreak>();
        using var offer = listener.Offer(
            Invitation, feed => ends.SetResult(Should.Throw<FeedBrokenException>(() => feed.Write(1, 0, new byte[64 << 20])).Reason), new GangOptions { Deadline = TimeSpan.FromMilliseconds(100) });

        using var feed = FeedConnection.Dial(Invitation, listener.EndPoint);

        (await ends.Task.WaitAsync(Loopback.Patience)).ShouldBe(FeedBreak.Deadline);
    }

    [Fact]
    public void A_length_that_is_not_right_is_compared_and_nothing_is_read_for_it()
    {
        using var offer = listener.Offer(Invitation, feed => feed.Write(3, 9, new byte[100]));
        using var feed = FeedConnection.Dial(Invitation, listener.EndPoint);

        feed.Read().Length.ShouldBe(100);

        Should.Throw<InvalidOperationException>(() => feed.Read());
        var broken = Should.Throw<FeedBrokenException>(() => feed.ReadPayload(new byte[99]));
        (broken.Reason, broken.Message).ShouldBe((FeedBreak.Protocol, "the other end announced 100 bytes for message 3 at position 9, where 99 are right"));
    }

    [Theory]
    [InlineData(0, "the other end closed the feed")]
    [InlineData(10, "a feed's header is not the MessagePack array of 5 that it must be")]
    [InlineData(30, "message 0 at position 0 was damaged on the way: its checksum does not match its 4 bytes")]
    public async Task Garbage_and_damage_end_the_feed(int scenario, string message)
    {
        using var source = RawSource.Listen();
        var dial = Loopback.OnOwnThread(() => FeedConnection.Dial(Invitation, source.EndPoint));
        using var server = await source.AcceptAsync(new FeedParty(Invitation)).WaitAsync(Loopback.Patience);
        using var feed = await dial.WaitAsync(Loopback.Patience);

        server.Send(scenario switch
        {
            0 => [],
            10 => [.. Enumerable.Repeat((byte)0xdf, FeedHeader.Size)],
            _ => [.. RawPeer.Bytes(new FeedHeader(0, 0, 4) { Checksum = 1 }), 1, 2, 3, 4],
        }).HalfClose();

        Should.Throw<FeedBrokenException>(() =>
        {
            feed.Read();
            feed.ReadPayload(new byte[4]);
        }).Message.ShouldBe(message);
    }

    [Fact]
    public void The_header_is_golden_and_read_back()
    {
        var header = new FeedHeader(7, 4711, 50_331_648) { Checksum = 0xDEADBEEF };

        RawPeer.Bytes(header).ShouldBeGolden("feed-header");
        FeedHeader.Read(Golden.Read("feed-header")).ShouldBe(header);
    }

    private static byte[] Payload(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
