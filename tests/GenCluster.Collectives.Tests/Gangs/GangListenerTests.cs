using System.Net;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

public sealed class GangListenerTests
{
    private static readonly GangPlan Pair = Vectors.Even(2, 2, 64);

    private static HelloMessage.Hello GoodHello => new(
        HelloPurpose.Gang, Loopback.Trial, 5, 1, 0, DataType.Float32, Pair.Hash.AsMemory(), new byte[32], new HelloOffer(Guid.Empty, TransportSet.Tcp, MemoryOffer.None));

    [Fact]
    public void A_taken_port_is_one_sentence_with_the_remedy()
    {
        using var first = new GangListener(IPAddress.Loopback);

        var error = Should.Throw<CannotListenException>(() => new GangListener(IPAddress.Loopback, first.EndPoint.Port));

        error.Message.ShouldBe(
            $"port {first.EndPoint.Port} on 127.0.0.1 is taken by another process; choose another port for the data plane, or 0 to let the system choose.");
    }

    [Fact]
    public void An_address_of_another_machine_is_one_sentence_with_the_remedy()
    {
        var error = Should.Throw<CannotListenException>(() => new GangListener(IPAddress.Parse("192.0.2.1"))); // reserved for documents, RFC 5737

        error.Message.ShouldBe("192.0.2.1 is not an address of this machine; choose one that is for the data plane.");
    }

    [Fact]
    public void Garbage_is_refused_and_counted()
    {
        using var listener = new GangListener(IPAddress.Loopback);
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.Send("GET / HTTP/1.1\r\n\r\n"u8.ToArray()).ShouldBeClosed();

        listener.Counters.Refused(HelloRefusal.Malformed).ShouldBe(1);
    }

    [Theory]
    [InlineData(0xc5, 0xff, 0xff)] // 65535 bytes
    [InlineData(0xc5, 0, 0)]
    [InlineData(0xc6, 0x7f, 0xff)] // bin32
    public void A_lying_length_is_refused_before_anything_is_read(byte code, byte high, byte low)
    {
        using var listener = new GangListener(IPAddress.Loopback);
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.Send(code, high, low).ShouldBeRefused(HelloRefusal.Malformed);
    }

    [Fact]
    public void A_peer_that_half_closes_in_its_hello_is_closed()
    {
        using var listener = new GangListener(IPAddress.Loopback);
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.Send(0xc5, 0, 100, 1, 2, 3).HalfClose().ShouldBeClosed();

        listener.Counters.Refused(HelloRefusal.Malformed).ShouldBe(1);
    }

    [Fact]
    public void A_peer_that_dribbles_its_hello_is_cut_off()
    {
        using var listener = new GangListener(IPAddress.Loopback, options: new() { HelloLimit = TimeSpan.FromMilliseconds(100) });
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.Send(0xc5).ShouldBeRefused(HelloRefusal.TooSlow);

        listener.Counters.Refused(HelloRefusal.TooSlow).ShouldBe(1);
    }

    [Fact]
    public void More_connections_than_the_cap_are_closed_at_once_and_the_cap_is_free_again_after()
    {
        using var listener = new GangListener(IPAddress.Loopback, options: new() { MaxPending = 2 });
        using (var first = RawPeer.Dial(listener.EndPoint))
        using (var second = RawPeer.Dial(listener.EndPoint))
        {
            using var third = RawPeer.Dial(listener.EndPoint);
            third.ShouldBeClosed();
            listener.Counters.Refused(HelloRefusal.Crowded).ShouldBe(1);
            first.Send(0, 0, 0).ShouldBeRefused(HelloRefusal.Malformed);
        }

        using var fourth = RawPeer.Dial(listener.EndPoint);
        fourth.Send(0, 0, 0).ShouldBeRefused(HelloRefusal.Malformed);
    }

    [Fact]
    public void Another_version_is_refused_whatever_follows_it()
    {
        using var listener = new GangListener(IPAddress.Loopback);
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.Send(HelloStream.Wrap([0x93, 1, 1, 0xc0])).ShouldBeRefused(HelloRefusal.Version);

        listener.Counters.Refused(HelloRefusal.Version).ShouldBe(1);
    }

    [Fact]
    public void A_hello_that_nobody_awaits_is_held_for_its_time_and_refused()
    {
        using var listener = new GangListener(IPAddress.Loopback, options: new() { HoldLimit = TimeSpan.FromMilliseconds(50) });
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.Send(GoodHello).ShouldBeRefused(HelloRefusal.NotExpected);
    }

    [Fact]
    public async Task Claims_that_do_not_fit_the_gang_are_refused_each_with_its_reason()
    {
        using var pair = Loopback.Listening(Pair);
        using var stop = new CancellationTokenSource();
        var join = pair.JoinAsync(pair.Invitation(0), cancellation: stop.Token);

        Refused(GoodHello with { Epoch = 4 }, HelloRefusal.StaleEpoch);
        Refused(GoodHello with { To = 1 }, HelloRefusal.Member);
        Refused(GoodHello with { From = 0 }, HelloRefusal.Member);
        Refused(GoodHello with { From = 2 }, HelloRefusal.Member);
        Refused(GoodHello with { From = int.MinValue }, HelloRefusal.Member);
        Refused(GoodHello with { DataType = (DataType)2 }, HelloRefusal.DataType);
        Refused(GoodHello with { Digest = new byte[32] }, HelloRefusal.Plan);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => join);

        void Refused(HelloMessage.Hello hello, HelloRefusal reason)
        {
            using var peer = RawPeer.Dial(pair.Listeners[0].EndPoint);
            peer.Send(hello).ShouldBeRefused(reason);
            pair.Listeners[0].Counters.Refused(reason).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task A_dialer_without_the_secret_is_refused_and_does_not_take_the_seat()
    {
        using var pair = Loopback.Listening(Pair);
        var join = pair.JoinAsync(pair.Invitation(0));
        using (var stranger = RawPeer.Dial(pair.Listeners[0].EndPoint))
        {
            stranger.Send(GoodHello).ReadHello().ShouldBeOfType<HelloMessage.Welcome>();
            stranger.Send(new HelloMessage.Proof(Transport.Tcp, 0, new byte[32])).ShouldBeRefused(HelloRefusal.Secret);
        }

        using var peer = await RawPeer.JoinAsync(pair.Invitation(1), 0);
        using var gang = await join.WaitAsync(Loopback.Patience);

        pair.Listeners[0].Counters.Refused(HelloRefusal.Secret).ShouldBe(1);
        pair.Listeners[0].Counters.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task A_hello_that_is_played_back_proves_nothing()
    {
        using var trio = Loopback.Listening(Vectors.Even(4, 3, 64));
        using var stop = new CancellationTokenSource();
        var join = trio.JoinAsync(trio.Invitation(0), cancellation: stop.Token);
        var hello = GoodHello with { Digest = trio.Plan.Hash.AsMemory() };
        var bytes = HelloCodec.Write(hello);
        using var member = RawPeer.Dial(trio.Listeners[0].EndPoint);
        var welcome = (HelloMessage.Welcome)member.Send(hello).ReadHello();
        var proof = new HelloMessage.Proof(Transport.Tcp, 0, HelloProof.OfDialer(Loopback.Secret, bytes, welcome, Transport.Tcp));
        member.Send(proof).ReadHello().ShouldBeOfType<HelloMessage.Ready>();

        using var thief = RawPeer.Dial(trio.Listeners[0].EndPoint);
        thief.Send(hello).ReadHello().ShouldBeOfType<HelloMessage.Welcome>();
        thief.Send(proof).ShouldBeRefused(HelloRefusal.Secret);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => join);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    public async Task A_dialer_that_leaves_in_the_middle_of_its_hello_takes_nothing_with_it(int sent)
    {
        using var pair = Loopback.Listening(Pair);
        var join = pair.JoinAsync(pair.Invitation(0));
        using (var peer = RawPeer.Dial(pair.Listeners[0].EndPoint))
        {
            peer.Send(HelloStream.Wrap(HelloCodec.Write(GoodHello))[..sent]).HalfClose().ShouldBeClosed();
        }

        using (var peer = RawPeer.Dial(pair.Listeners[0].EndPoint))
        {
            peer.Send(GoodHello).ReadHello().ShouldBeOfType<HelloMessage.Welcome>();
        }

        using var late = await RawPeer.JoinAsync(pair.Invitation(1), 0);
        using var gang = await join.WaitAsync(Loopback.Patience);
    }

    [Fact]
    public async Task A_second_connection_of_a_member_is_refused()
    {
        using var pair = await Loopback.JoinedAsync(Pair);

        var error = await Should.ThrowAsync<ProtocolException>(() => RawPeer.JoinAsync(pair.Invitation(1), 0));

        error.Refusal.ShouldBe(HelloRefusal.Duplicate);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }

    [Fact]
    public async Task A_hello_that_comes_before_the_order_is_held_until_the_gang_is_joined()
    {
        using var pair = Loopback.Listening(Pair);
        var early = RawPeer.JoinAsync(pair.Invitation(1), 0);
        using var stranger = RawPeer.Dial(pair.Listeners[0].EndPoint);
        stranger.Send(0, 0, 0).ShouldBeClosed(); // connections are served in order: the early hello has been accepted by now

        using var gang = await pair.JoinAsync(pair.Invitation(0)).WaitAsync(Loopback.Patience);

        using var peer = await early;
        pair.Listeners[0].Counters.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Disposing_closes_those_that_wait_and_lets_joined_gangs_go_on()
    {
        using var pair = await Loopback.JoinedAsync(Pair);
        using var waiting = RawPeer.Dial(pair.Listeners[0].EndPoint);
        waiting.Send(GoodHello with { Epoch = 9 });

        pair.Listeners[0].Dispose();

        waiting.ShouldBeClosed();
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }
}
