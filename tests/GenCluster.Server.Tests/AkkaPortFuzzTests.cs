using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Certificates.Tests.Support;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Tests.Support;
using GenCluster.TestDraws;

namespace GenCluster.Server.Tests;

/// <summary>
/// Whatever comes on a coordinator's port, it neither falls nor fills up, and serves its workers after. What is sent are the frames
/// of a real peer, changed by a seeded mutator: by a stranger in the plain, by a member under TLS.
/// </summary>
public sealed class AkkaPortFuzzTests : ServerKit
{
    private const int MostKept = 64 << 20;

    [Fact]
    public async Task A_plain_port_outlives_whatever_strangers_send()
    {
        var coordinator = await StartAsync();
        var frames = await RecordAsync(PortOf(coordinator));
        var random = new Random(20240610);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (int _ in Draws.Rounds(120))
            await SendAsync(PortOf(coordinator), new Frames(random, frames, isLittleEndian: true), Plain);

        await ShouldGoOnAsync(coordinator, before, null);
    }

    [Fact]
    public async Task A_port_under_tls_outlives_whatever_a_member_sends()
    {
        using var papers = new Papers();
        var plain = await StartAsync();
        var frames = await RecordAsync(PortOf(plain));
        var security = papers.Security();
        File.Delete(Journal);
        var coordinator = await StartAsync(security: security, database: new Actors.Persistence.JournalDatabase.Sqlite(Path.Combine(Folder, "other.db")));
        var member = papers.Node("member");
        var certificate = X509Certificate2.CreateFromPemFile(member.Certificate, member.Key);
        var random = new Random(20240611);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (int _ in Draws.Rounds(80))
            await SendAsync(PortOf(coordinator), new Frames(random, frames, isLittleEndian: false), stream => Secured(stream, certificate));

        await ShouldGoOnAsync(coordinator, before, papers.Security("worker"));
    }

    private async Task ShouldGoOnAsync(ICoordinator coordinator, long before, Certificates.TransportSecurity? security)
    {
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostKept);
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed), security);
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        (await WatchAsync(coordinator))[^1].Phase.ShouldBe(SweepPhase.Succeeded);
        coordinator.Fault.IsCompleted.ShouldBeFalse();
    }

    private static async Task SendAsync(int port, Frames frames, Func<Stream, Task<Stream>> secure)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await using var stream = await secure(new NetworkStream(socket));
            foreach (byte[] frame in frames.Next())
                await stream.WriteAsync(frame);
        }
        catch (IOException)
        {
            // It was cut off in the middle, as it should be.
        }
    }

    private static Task<Stream> Plain(Stream stream) => Task.FromResult(stream);

    private static async Task<Stream> Secured(Stream stream, X509Certificate2 certificate)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "node",
            ClientCertificates = [certificate],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return tls;
    }

    /// <summary>What a real peer sends first, when it tells the coordinator something: recorded on the way, and addressed to the coordinator itself.</summary>
    private static async Task<List<byte[]>> RecordAsync(int port)
    {
        using var relay = new TcpListener(IPAddress.Loopback, 0);
        relay.Start();
        int own = ((IPEndPoint)relay.LocalEndpoint).Port;
        using var peer = ActorSystem.Create(CoordinatorHosting.SystemName, ConfigurationFactory.ParseString("""
            akka { stdout-loglevel = OFF, loglevel = OFF, loggers = [], actor.provider = remote, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            """).WithFallback(WireSerialization.Config));
        var door = peer.ActorSelection($"akka.tcp://gencluster@127.0.0.1:{own}{CoordinatorHosting.CoordinatorPath}");
        for (int i = 0; i < 3; i++)
            door.Tell(new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, null, 0));
        using var here = await relay.AcceptSocketAsync();
        using var there = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await there.ConnectAsync(IPAddress.Loopback, port);
        await using var incoming = new NetworkStream(here);
        await using var outgoing = new NetworkStream(there);
        _ = outgoing.CopyToAsync(incoming);
        var frames = new List<byte[]>();
        while (frames.Count < 4)
        {
            byte[] length = new byte[4];
            await incoming.ReadExactlyAsync(length);
            byte[] frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            await incoming.ReadExactlyAsync(frame);
            frames.Add(Readdressed(frame, own, port));
            await outgoing.WriteAsync(length);
            await outgoing.WriteAsync(frame);
        }

        return frames;
    }

    private static byte[] Readdressed(byte[] frame, int from, int to)
    {
        byte[] old = Encoding.ASCII.GetBytes($":{from}/"), now = Encoding.ASCII.GetBytes($":{to}/");
        if (old.Length == now.Length && frame.AsSpan().IndexOf(old) is >= 0 and var at)
            now.CopyTo(frame, at);
        return frame;
    }

    /// <summary>What one connection sends: mostly a sound greeting first, so that what follows gets far.</summary>
    private sealed class Frames(Random random, List<byte[]> seeds, bool isLittleEndian)
    {
        public IEnumerable<byte[]> Next()
        {
            if (random.Next(4) > 0)
                yield return WithLength(seeds[0], seeds[0].Length);
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                byte[] frame = Mutate([.. seeds[random.Next(seeds.Count)]]);
                yield return WithLength(frame, random.Next(12) == 0 ? random.Next(int.MinValue, int.MaxValue) : frame.Length);
            }
        }

        private byte[] WithLength(byte[] frame, int length)
        {
            byte[] bytes = new byte[4 + frame.Length];
            if (isLittleEndian)
                BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            else
                BinaryPrimitives.WriteInt32BigEndian(bytes, length);
            frame.CopyTo(bytes, 4);
            return bytes;
        }

        private byte[] Mutate(byte[] bytes)
        {
            switch (random.Next(5))
            {
                case 0:
                    random.NextBytes(bytes);
                    break;
                case 1:
                    Array.Resize(ref bytes, random.Next(bytes.Length + 64));
                    break;
                case 2:
                    bytes.AsSpan(random.Next(bytes.Length)).Fill((byte)random.Next(256));
                    break;
                case 3:
                    break;
                default:
                    for (int flips = random.Next(1, 8); flips > 0; flips--)
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
            }

            return bytes;
        }
    }
}
