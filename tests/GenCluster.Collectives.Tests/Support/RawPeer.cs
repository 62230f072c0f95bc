using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>A scripted peer on a raw socket: says what a test wants, when it wants.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket socket;

    private RawPeer(IPEndPoint endPoint)
    {
        socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(endPoint);
    }

    public static RawPeer Dial(IPEndPoint endPoint) => new(endPoint);

    /// <summary>Dials and passes the hello as the invited member.</summary>
    public static async Task<RawPeer> JoinAsync(GangInvitation invitation, int peer)
    {
        var raw = Dial(invitation.EndPoints[peer]);
        await Handshake.OfferAsync(raw.socket, invitation, peer, CancellationToken.None).WaitAsync(Loopback.Patience);
        return raw;
    }

    public RawPeer Send(params byte[] bytes)
    {
        socket.Send(bytes);
        return this;
    }

    public RawPeer Send(HelloMessage message) => Send(HelloStream.Wrap(HelloCodec.Write(message)));

    public RawPeer SendHeader(FrameHeader header) => Send(Bytes(header));

    /// <summary>A frame with a true checksum.</summary>
    public RawPeer SendFrame(FrameHeader header, float[] payload)
    {
        var bytes = MemoryMarshal.AsBytes(payload.AsSpan()).ToArray();
        return SendHeader(header with { Checksum = Crc32C.Of(bytes), Length = bytes.Length }).Send(bytes);
    }

    public HelloMessage ReadHello() => HelloCodec.Read(HelloStream.ReceiveAsync(socket, CancellationToken.None).WaitAsync(Loopback.Patience).GetAwaiter().GetResult());

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

    public void Dispose() => socket.Dispose();
}
