using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>A scripted peer on a raw socket: says what a test wants, when it wants.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket socket;

    private RawPeer(Socket socket)
    {
        this.socket = socket;
        socket.NoDelay = true;
        socket.ReceiveTimeout = 30_000;
    }

    private SocketWire Wire => new(socket);

    public static RawPeer Of(Socket socket) => new(socket);

    public static RawPeer Dial(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(endPoint);
        return new RawPeer(socket);
    }

    /// <summary>Dials and passes the hello as the invited member, over TCP as if from another host.</summary>
    public static async Task<RawPeer> JoinAsync(GangInvitation invitation, int peer)
    {
        var raw = Dial(invitation.EndPoints[peer]);
        using var memory = new VectorMemory(invitation.Plan.Layout.Capacity, invitation.Plan.Shards);
        var party = new GangParty(invitation, memory, new GangOptions { Transport = Transport.Tcp, Host = Guid.Parse("7b0f3f0e-5d44-4c2a-9f0b-0d6c53d0a001") });
        await Handshake.OfferAsync(raw.Wire, party, party.ClaimsTo(peer), CancellationToken.None).WaitAsync(Loopback.Patience);
        return raw;
    }

    public RawPeer Send(params byte[] bytes)
    {
        socket.Send(bytes);
        return this;
    }

    public RawPeer Send(HelloMessage message) => Send(HelloStream.Wrap(HelloCodec.Write(message)));

    public RawPeer SendHeader(FrameHeader header) => Send(Bytes(header));

    public RawPeer SendFrame(FrameHeader header, float[] payload) => Send(Frame(header, payload));

    /// <summary>A frame with a true checksum.</summary>
    public static byte[] Frame(FrameHeader header, float[] payload)
    {
        var bytes = MemoryMarshal.AsBytes(payload.AsSpan()).ToArray();
        return [.. Bytes(header with { Checksum = Crc32C.Of(bytes), Length = bytes.Length }), .. bytes];
    }

    public HelloMessage ReadHello() => HelloCodec.Read(HelloStream.ReceiveAsync(Wire, CancellationToken.None).WaitAsync(Loopback.Patience).GetAwaiter().GetResult());

    public void ShouldBeRefused(HelloRefusal reason)
    {
        ReadHello().ShouldBe(new HelloMessage.Refused(reason));
        ShouldBeClosed();
    }

    public RawPeer HalfClose()
    {
        socket.Shutdown(SocketShutdown.Send);
        return this;
    }

    /// <summary>Reads until the other side ends the connection; a hang fails by the receive time limit.</summary>
    public void ShouldBeClosed()
    {
        var bytes = new byte[4096];
        var error = SocketError.Success;
        while (socket.Receive(bytes, SocketFlags.None, out error) > 0)
        {
        }

        error.ShouldBeOneOf(SocketError.Success, SocketError.ConnectionReset);
    }

    public static byte[] Bytes(FrameHeader header)
    {
        var buffer = new FixedBuffer(2 * FrameHeader.Size);
        header.Write(buffer);
        return buffer.Written.ToArray();
    }

    public static byte[] Bytes(FeedHeader header)
    {
        var buffer = new FixedBuffer(2 * FeedHeader.Size);
        header.Write(buffer);
        return buffer.Written.ToArray();
    }

    public void Dispose() => socket.Dispose();
}
