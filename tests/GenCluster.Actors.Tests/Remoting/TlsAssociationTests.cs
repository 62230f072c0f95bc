using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using GenCluster.Actors.Remoting;
using GenCluster.Certificates;
using GenCluster.Certificates.Tests.Support;
using Google.Protobuf;

namespace GenCluster.Actors.Tests.Remoting;

/// <summary>One connection under TLS, whose peer is a socket of the test.</summary>
public sealed class TlsAssociationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ByteString Frame = ByteString.CopyFrom(new byte[16 * 1024]);

    private readonly Papers papers = new();

    public void Dispose() => papers.Dispose();

    [Fact]
    public async Task A_peer_that_takes_nothing_does_not_keep_a_connection_from_its_end()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var peer = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var accepting = papers.Security("peer").AcceptAsync(new NetworkStream(peer), TestContext.Current.CancellationToken);
        var tls = await papers.Security().DialAsync(new NetworkStream(socket), TestContext.Current.CancellationToken);
        await using var frozen = await accepting; // and reads nothing

        var association = new TlsAssociation(Address.AllSystems, Address.AllSystems, socket, tls, Frame.Length, flushTime: TimeSpan.FromMilliseconds(50));
        association.Begin();
        while (association.Write(Frame))
        {
            // The queue holds more than the buffers between the two take.
        }

        association.End();

        await association.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
