using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using GenCluster.Certificates;
using GenCluster.Certificates.Tests.Support;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Tests.Support;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Gangs;

/// <summary>The data plane under TLS: strangers are refused and counted, and the gang goes on beside them.</summary>
public sealed class SecurityTests : IDisposable
{
    private static readonly GangPlan Pair = Vectors.Even(2, 2, 100_000);

    private readonly Papers ours = new(), theirs = new("theirs");
    private readonly TransportSecurity security;

    public SecurityTests() => security = ours.Security();

    private GangOptions Options => new() { Transport = Transport.Tcp, Security = security };

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
    }

    [Theory]
    [InlineData("another authority", PeerRefusal.UnknownAuthority)]
    [InlineData("expired", PeerRefusal.OutOfDate)]
    [InlineData("not valid yet", PeerRefusal.OutOfDate)]
    [InlineData("not for dialling", PeerRefusal.WrongUse)]
    [InlineData("none", PeerRefusal.NoCertificate)]
    public async Task A_stranger_is_refused_by_his_certificate_and_counted_and_the_gang_goes_on(string certificate, PeerRefusal reason)
    {
        using var pair = await Loopback.JoinedAsync(Pair, Options);
        var files = certificate switch
        {
            "another authority" => theirs.Node(),
            "expired" => ours.Node("late", from: -20, until: -1),
            "not valid yet" => ours.Node("early", from: 1),
            "not for dialling" => ours.Node("server", uses: CertificateUses.Server),
            _ => null,
        };

        await Should.ThrowAsync<IOException>(() => DialAsync(pair.Listeners[0].EndPoint, files).WaitAsync(Loopback.Patience));

        pair.Listeners[0].Counters.Refused(HelloRefusal.Certificate).ShouldBe(1);
        security.Refused(reason).ShouldBe(1);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }

    [Fact]
    public async Task Plain_tcp_on_the_port_of_tls_is_refused_and_counted_and_the_gang_goes_on()
    {
        using var pair = await Loopback.JoinedAsync(Pair, Options);
        using var stranger = RawPeer.Dial(pair.Listeners[0].EndPoint);

        stranger.Send(new HelloMessage.Refused(HelloRefusal.Plan)).ShouldBeClosed();

        pair.Listeners[0].Counters.Refused(HelloRefusal.NotEncrypted).ShouldBe(1);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }

    [Fact]
    public async Task Tls_on_a_plain_port_is_refused_and_counted_and_the_gang_goes_on()
    {
        using var pair = await Loopback.JoinedAsync(Pair, new GangOptions { Transport = Transport.Tcp });

        var broken = Should.Throw<FeedBrokenException>(() => FeedConnection.Dial(Invitation, pair.Listeners[0].EndPoint, Options));

        broken.Refusal.ShouldBe(HelloRefusal.Certificate);
        broken.Message.ShouldContain("the other side may not speak TLS");
        pair.Listeners[0].Counters.Refused(HelloRefusal.Malformed).ShouldBe(1);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }

    [Fact]
    public async Task Who_says_nothing_is_cut_off()
    {
        using var listener = new GangListener(IPAddress.Loopback, options: new() { Security = security, HelloLimit = TimeSpan.FromMilliseconds(100) });
        using var peer = RawPeer.Dial(listener.EndPoint);

        peer.ShouldBeClosed();

        await UntilAsync(() => listener.Counters.Refused(HelloRefusal.TooSlow) == 1);
    }

    [Fact]
    public void A_member_whose_certificate_is_refused_is_told_so_and_does_not_try_on()
    {
        using var listener = new GangListener(IPAddress.Loopback, options: new() { Security = security });

        var broken = Should.Throw<FeedBrokenException>(() => FeedConnection.Dial(Invitation, listener.EndPoint, Options with { Security = theirs.Security() }));

        broken.Refusal.ShouldBe(HelloRefusal.Certificate);
        broken.Message.ShouldContain("the certificate of the peer (CN=node) is refused: none of the authorities in --tls-ca vouches for it");
    }

    [Fact]
    public async Task A_member_that_the_listener_alone_refuses_learns_why()
    {
        using var pair = await Loopback.JoinedAsync(Pair, Options);
        var both = theirs.Node();
        File.AppendAllText(both.Authorities, File.ReadAllText(Path.Combine(ours.Folder, "ca.crt")));
        var trusting = TransportSecurity.Open(both, TimeProvider.System);

        var broken = Should.Throw<FeedBrokenException>(() => FeedConnection.Dial(Invitation, pair.Listeners[0].EndPoint, Options with { Security = trusting }));

        broken.Refusal.ShouldBe(HelloRefusal.Certificate);
        broken.Message.ShouldContain("when it had seen the certificate of this worker, which it does not seem to accept");
        security.Refused(PeerRefusal.UnknownAuthority).ShouldBe(5);
    }

    [Fact]
    public async Task A_certificate_does_not_replace_the_secret()
    {
        using var pair = await Loopback.JoinedAsync(Pair, Options);
        using var offer = pair.Listeners[0].Offer(Invitation, feed => feed.Dispose(), Options);

        var broken = Should.Throw<FeedBrokenException>(() => FeedConnection.Dial(Invitation with { Secret = new byte[32] }, pair.Listeners[0].EndPoint, Options));

        broken.Refusal.ShouldBe(HelloRefusal.Secret);
    }

    [Fact]
    public void A_feed_of_many_megabytes_arrives_under_tls()
    {
        using var listener = new GangListener(IPAddress.Loopback, options: new() { Security = security });
        var payload = new byte[(9 << 20) + 1];
        new Random(3).NextBytes(payload);
        using var offer = listener.Offer(Invitation, feed =>
        {
            feed.Write(7, 42, payload);
            feed.Read();
            feed.Dispose();
        }, Options);

        using var feed = FeedConnection.Dial(Invitation, listener.EndPoint, Options);
        var header = feed.Read();
        var got = new byte[header.Length];
        feed.ReadPayload(got);
        feed.Write(1, 1, []);

        (header.Kind, header.Position).ShouldBe(((byte)7, 42));
        got.AsSpan().SequenceEqual(payload).ShouldBeTrue();
        Should.Throw<FeedBrokenException>(() => feed.Read()).Reason.ShouldBe(FeedBreak.Closed);
    }

    [Fact]
    public async Task Members_of_one_host_still_share_memory_once_they_have_shown_their_certificates()
    {
        using var pair = await Loopback.JoinedAsync(Pair, Options with { Transport = Transport.Auto });

        pair.Gangs[0].TransportTo(1).ShouldBe(Transport.SharedMemory);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }

    [Fact]
    public async Task A_renewed_certificate_leaves_the_gang_alone_and_serves_the_next_connection()
    {
        using var pair = await Loopback.JoinedAsync(Pair, Options);
        ours.Node();

        using var offer = pair.Listeners[0].Offer(Invitation, feed => feed.Dispose(), Options);
        using var feed = FeedConnection.Dial(Invitation, pair.Listeners[0].EndPoint, Options);

        security.Certificate.Reloads.ShouldBe(1);
        (await pair.AllReduceAsync(seed: 1)).ShouldAllBe(result => result.Broken == null);
    }

    private static FeedInvitation Invitation { get; } = new() { Trial = "t", Epoch = 1, Secret = Loopback.Secret, StateHash = new byte[32] };

    /// <summary>Dials as anybody can, and waits for a first byte.</summary>
    private static async Task DialAsync(IPEndPoint endPoint, CertificateFiles? files)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "node",
            LocalCertificateSelectionCallback = (_, _, _, _, _) => files is null ? null! : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key),
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        if (await tls.ReadAsync(new byte[1]) == 0)
        {
            throw new IOException("ended");
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Loopback.Patience);
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
