using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using GenCluster.Actors.Tests.Support;
using GenCluster.Certificates;
using GenCluster.Certificates.Tests.Support;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests;

/// <summary>A coordinator under TLS: strangers on its port are refused and counted, and the cluster goes on beside them.</summary>
public sealed class RemotingSecurityTests : ServerKit, IDisposable
{
    private readonly Papers ours = new(), theirs = new("theirs");
    private readonly TransportSecurity security;

    public RemotingSecurityTests() => security = ours.Security();

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public async Task Strangers_of_all_kinds_are_refused_and_counted_and_the_cluster_goes_on()
    {
        var coordinator = await StartAsync(security: security);
        int port = PortOf(coordinator);

        await ShouldEndAsync(() => DialAsync(port, theirs.Node()));
        await ShouldEndAsync(() => DialAsync(port, ours.Node("late", from: -20, until: -1)));
        await ShouldEndAsync(() => DialAsync(port, ours.Node("early", from: 1)));
        await ShouldEndAsync(() => DialAsync(port, ours.Node("server", uses: CertificateUses.Server)));
        await ShouldEndAsync(() => DialAsync(port, null));
        await ShouldEndAsync(() => SayAsync(port, "GET / HTTP/1.1\r\n\r\n"u8.ToArray()));

        security.Refused(PeerRefusal.UnknownAuthority).ShouldBe(1);
        security.Refused(PeerRefusal.OutOfDate).ShouldBe(2);
        security.Refused(PeerRefusal.WrongUse).ShouldBe(1);
        security.Refused(PeerRefusal.NoCertificate).ShouldBe(1);
        security.Refused(PeerRefusal.NotTls).ShouldBe(1);
        await GoesOnAsync(coordinator, ours.Security("worker"));
    }

    [Fact]
    public async Task A_worker_without_tls_gets_no_answer_and_the_cluster_goes_on()
    {
        var coordinator = await StartAsync(security: security);
        await StartWorkerAsync(coordinator, "plain", new ScriptedRunner(ScriptedRunner.Succeed));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (security.Refused(PeerRefusal.NotTls) == 0)
            await timer.WaitForNextTickAsync(Patience);

        await GoesOnAsync(coordinator, ours.Security("worker"));
    }

    [Fact]
    public async Task Tls_on_a_plain_port_ends_and_the_cluster_goes_on()
    {
        var coordinator = await StartAsync();

        await ShouldEndAsync(() => DialAsync(PortOf(coordinator), ours.Node()));

        await GoesOnAsync(coordinator, null);
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_for_the_next_worker_while_the_first_works_on()
    {
        var coordinator = await StartAsync(security: security);
        var other = ours.Security("worker");
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed), other);
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        (await WatchAsync(coordinator))[^1].Phase.ShouldBe(SweepPhase.Succeeded);

        ours.Node();
        await StartWorkerAsync(coordinator, "w2", new ScriptedRunner(ScriptedRunner.Succeed), other);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (security.Certificate.Reloads == 0)
            await timer.WaitForNextTickAsync(Patience);

        Enum.GetValues<PeerRefusal>().Sum(security.Refused).ShouldBe(0);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(128_001)]
    public async Task A_frame_that_is_too_long_ends_its_connection_and_buys_no_memory(int length)
    {
        var coordinator = await StartAsync(security: security);
        byte[] header = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(header, length);
        long before = GC.GetTotalAllocatedBytes();

        await ShouldEndAsync(() => DialAsync(PortOf(coordinator), ours.Node("member"), header));

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(64 << 20);
        await GoesOnAsync(coordinator, ours.Security("worker"));
    }

    private async Task GoesOnAsync(ICoordinator coordinator, TransportSecurity? worker)
    {
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed), worker);
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        (await WatchAsync(coordinator))[^1].Phase.ShouldBe(SweepPhase.Succeeded);
        coordinator.Fault.IsCompleted.ShouldBeFalse();
    }

    private async Task ShouldEndAsync(Func<Task> dial)
    {
        var error = await Should.ThrowAsync<Exception>(() => dial().WaitAsync(Patience));
        error.ShouldBeOfType(error is IOException ? error.GetType() : typeof(System.Security.Authentication.AuthenticationException));
    }

    /// <summary>Dials as anybody can, says something, and reads until the end.</summary>
    private static async Task DialAsync(int port, CertificateFiles? files, byte[]? words = null)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "node",
            LocalCertificateSelectionCallback = (_, _, _, _, _) => files is null ? null! : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key),
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        await tls.WriteAsync(words ?? []);
        await ReadToEndAsync(tls);
    }

    private static async Task SayAsync(int port, byte[] words)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(words);
        await ReadToEndAsync(stream);
    }

    private static async Task ReadToEndAsync(Stream stream)
    {
        byte[] bytes = new byte[1024];
        while (await stream.ReadAsync(bytes) > 0)
        {
        }

        throw new IOException("ended");
    }
}
