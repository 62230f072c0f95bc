using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using GenCluster.Certificates.Tests.Support;

namespace GenCluster.Certificates.Tests;

/// <summary>Who is let in and who is not, over real sockets.</summary>
public sealed class TransportSecurityTests : IDisposable
{
    private readonly Papers ours = new(), theirs = new("theirs");
    private readonly TransportSecurity node;

    public TransportSecurityTests() => node = ours.Security();

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public async Task Two_nodes_of_one_authority_meet_with_the_newest_version_of_tls()
    {
        var other = ours.Security("other");
        using var pair = await SocketPair.NewAsync();

        var accepting = node.AcceptAsync(pair.Listening, TestContext.Current.CancellationToken);
        await using var dialled = await other.DialAsync(pair.Dialling, TestContext.Current.CancellationToken);
        await using var accepted = await accepting;

        accepted.SslProtocol.ShouldBe(SslProtocols.Tls13);
        dialled.IsMutuallyAuthenticated.ShouldBeTrue();
        accepted.IsMutuallyAuthenticated.ShouldBeTrue();
        accepted.RemoteCertificate!.Subject.ShouldBe("CN=other");
        Enum.GetValues<PeerRefusal>().Sum(node.Refused).ShouldBe(0);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_also_one_of_the_same_name()
    {
        using var impostor = new Papers("ours");

        await ShouldRefuseAsync(PeerRefusal.UnknownAuthority, theirs.Node());
        await ShouldRefuseAsync(PeerRefusal.UnknownAuthority, impostor.Node());
        node.Refused(PeerRefusal.UnknownAuthority).ShouldBe(2);
    }

    [Fact]
    public Task An_expired_certificate_is_refused() => ShouldRefuseAsync(PeerRefusal.OutOfDate, ours.Node("late", from: -20, until: -1));

    [Fact]
    public Task A_certificate_that_is_not_valid_yet_is_refused() => ShouldRefuseAsync(PeerRefusal.OutOfDate, ours.Node("early", from: 2));

    [Fact]
    public Task A_certificate_that_is_not_for_dialling_is_refused() => ShouldRefuseAsync(PeerRefusal.WrongUse, ours.Node("server", uses: CertificateUses.Server));

    [Fact]
    public Task A_dialler_without_a_certificate_is_refused() => ShouldRefuseAsync(PeerRefusal.NoCertificate, null);

    [Fact]
    public async Task What_is_no_tls_is_refused()
    {
        using var pair = await SocketPair.NewAsync();
        var accepting = node.AcceptAsync(pair.Listening, TestContext.Current.CancellationToken);

        await pair.Dialling.WriteAsync("GET / HTTP/1.1\r\nHost: gencluster\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<PeerRefusedException>(() => accepting)).Reason.ShouldBe(PeerRefusal.NotTls);
        node.Refused(PeerRefusal.NotTls).ShouldBe(1);
    }

    [Fact]
    public async Task A_look_whether_the_port_is_open_is_nobody_worth_counting()
    {
        using var pair = await SocketPair.NewAsync();
        var accepting = node.AcceptAsync(pair.Listening, TestContext.Current.CancellationToken);

        pair.Dialling.Close();

        await Should.ThrowAsync<PeerRefusedException>(() => accepting);
        Enum.GetValues<PeerRefusal>().Sum(node.Refused).ShouldBe(0);
    }

    [Fact]
    public async Task A_dialler_that_says_nothing_is_given_up()
    {
        using var pair = await SocketPair.NewAsync();
        using var limit = new CancellationTokenSource();
        var accepting = node.AcceptAsync(pair.Listening, limit.Token);

        await limit.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => accepting);
        node.Refused(PeerRefusal.TooSlow).ShouldBe(1);
    }

    [Theory]
    [InlineData("another authority", PeerRefusal.UnknownAuthority)]
    [InlineData("expired", PeerRefusal.OutOfDate)]
    [InlineData("not for listening", PeerRefusal.WrongUse)]
    public async Task A_listener_is_judged_like_a_dialler(string what, PeerRefusal reason)
    {
        var files = what switch
        {
            "another authority" => theirs.Node(),
            "expired" => ours.Node("late", from: -20, until: -1),
            _ => ours.Node("client", uses: CertificateUses.Client),
        };
        using var pair = await SocketPair.NewAsync();
        await using var listener = new SslStream(pair.Listening);
        _ = listener.AuthenticateAsServerAsync(Load(files));

        var error = await Should.ThrowAsync<PeerRefusedException>(() => node.DialAsync(pair.Dialling, TestContext.Current.CancellationToken));

        error.Reason.ShouldBe(reason);
        node.Refused(reason).ShouldBe(1);
    }

    [Fact]
    public async Task A_listener_that_speaks_no_tls_is_refused()
    {
        using var pair = await SocketPair.NewAsync();
        await pair.Listening.WriteAsync("220 welcome to something else\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        var error = await Should.ThrowAsync<PeerRefusedException>(() => node.DialAsync(pair.Dialling, TestContext.Current.CancellationToken));

        error.Reason.ShouldBe(PeerRefusal.Failed);
        error.Message.ShouldEndWith("; the other side may not speak TLS, or not accept this node's certificate");
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_on_the_next_connection()
    {
        var other = ours.Security("other");
        string before = await SerialSeenByAsync(other);
        ours.Node();

        string after = await SerialSeenByAsync(other);

        after.ShouldNotBe(before);
    }

    [Fact]
    public async Task Strangers_of_all_kinds_leave_the_members_alone()
    {
        await ShouldRefuseAsync(PeerRefusal.UnknownAuthority, theirs.Node());
        await ShouldRefuseAsync(PeerRefusal.NoCertificate, null);

        (await SerialSeenByAsync(ours.Security("other"))).ShouldNotBeEmpty();
    }

    private async Task<string> SerialSeenByAsync(TransportSecurity other)
    {
        using var pair = await SocketPair.NewAsync();
        var accepting = node.AcceptAsync(pair.Listening, TestContext.Current.CancellationToken);
        await using var dialled = await other.DialAsync(pair.Dialling, TestContext.Current.CancellationToken);
        await using var accepted = await accepting;
        return dialled.RemoteCertificate!.GetSerialNumberString();
    }

    private async Task ShouldRefuseAsync(PeerRefusal reason, CertificateFiles? stranger)
    {
        using var pair = await SocketPair.NewAsync();
        long before = node.Refused(reason);
        var accepting = node.AcceptAsync(pair.Listening, TestContext.Current.CancellationToken);
        var dialling = DialAsync(pair.Dialling, stranger);

        var error = await Should.ThrowAsync<PeerRefusedException>(() => accepting);

        error.Reason.ShouldBe(reason, error.Message);
        node.Refused(reason).ShouldBe(before + 1);
        pair.Listening.Close();
        await Should.ThrowAsync<IOException>(() => dialling, "whoever is refused must notice");
    }

    /// <summary>Dials as anybody can, and waits for a first byte.</summary>
    private static async Task DialAsync(Stream stream, CertificateFiles? files)
    {
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "node",
            ClientCertificates = files is null ? null : [Load(files)],
            LocalCertificateSelectionCallback = (_, _, own, _, _) => own.Count > 0 ? own[0] : null!, // whatever authorities the listener names
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        if (await tls.ReadAsync(new byte[1]) == 0)
            throw new IOException("ended");
    }

    private static X509Certificate2 Load(CertificateFiles files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private sealed class SocketPair : IDisposable
    {
        private SocketPair(Socket dialling, Socket listening) => (Dialling, Listening) = (new NetworkStream(dialling, ownsSocket: true), new NetworkStream(listening, ownsSocket: true));

        public NetworkStream Dialling { get; }

        public NetworkStream Listening { get; }

        public static async Task<SocketPair> NewAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var dialling = new Socket(SocketType.Stream, ProtocolType.Tcp);
            var accepting = listener.AcceptSocketAsync();
            await dialling.ConnectAsync(listener.LocalEndpoint);
            return new SocketPair(dialling, await accepting);
        }

        public void Dispose()
        {
            Dialling.Dispose();
            Listening.Dispose();
        }
    }
}
