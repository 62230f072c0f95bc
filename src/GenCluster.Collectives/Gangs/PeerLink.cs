using System.Net.Sockets;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// The connection to one other member, non-blocking: each call moves what the socket takes or gives now, so that one thread
/// serves all peers in both directions and full socket buffers on both sides cannot lock each other.
/// </summary>
internal sealed class PeerLink : IDisposable
{
    private readonly OutgoingFrames outgoing;
    private readonly IncomingFrames incoming;

    public PeerLink(Socket socket, GangInvitation invitation, int peer, GangCounters counters)
    {
        Socket = socket;
        Peer = peer;
        socket.Blocking = false;
        outgoing = new OutgoingFrames(this, invitation, counters);
        incoming = new IncomingFrames(this, invitation, counters);
    }

    public Socket Socket { get; }

    public int Peer { get; }

    public bool Done => outgoing.Done && incoming.Done;

    public void Begin(FrameStamp stamp)
    {
        outgoing.Begin(stamp);
        incoming.Begin(stamp);
    }

    public bool WantsToSend(SliceReducer reducer) => outgoing.IsReady(reducer);

    public bool WantsToReceive(SliceReducer reducer) => incoming.IsReady(reducer);

    /// <summary>Moves at most one frame in each direction, so that no peer starves another. True if a byte moved.</summary>
    public bool Progress(SliceReducer reducer, Span<float> sum)
    {
        var sent = outgoing.Progress(reducer, sum);
        return incoming.Progress(reducer, sum) || sent;
    }

    /// <summary>Ends the connection from any thread: the peer sees its end, and whoever waits for this socket wakes.</summary>
    public void Shutdown()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }

    public void Dispose() => Socket.Dispose();
}
