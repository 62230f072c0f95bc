using System.Net;
using System.Net.Sockets;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>A listener that a test plays itself: passes one hello, and says what the test wants from then on.</summary>
internal sealed class RawSource : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private RawSource()
    {
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
    }

    public IPEndPoint EndPoint => (IPEndPoint)socket.LocalEndPoint!;

    public static RawSource Listen() => new();

    public async Task<RawPeer> AcceptAsync(IHelloParty party)
    {
        var peer = await socket.AcceptAsync();
        var wire = new SocketWire(peer);
        var bytes = await HelloStream.ReceiveAsync(wire, CancellationToken.None);
        var terms = await Handshake.AnswerAsync(wire, party, (HelloMessage.Hello)HelloCodec.Read(bytes), bytes, CancellationToken.None);
        await HelloStream.SendAsync(wire, new HelloMessage.Ready(terms.Transport, 0), CancellationToken.None);
        terms.Memory?.Dispose();
        return RawPeer.Of(peer);
    }

    public void Dispose() => socket.Dispose();
}
