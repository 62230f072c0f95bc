using System.Net;
using System.Net.Sockets;
using GenCluster.Collectives.Encryption;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Listening;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// The data plane's listening socket, one for a worker process: whoever connects says which trial and epoch it means, and
/// is led to the gang that is being joined here. A peer may be earlier than this worker's own order: its hello is held.
/// </summary>
public sealed class GangListener : IDisposable
{
    private readonly Socket socket;
    private readonly Socket? unixSocket;
    private readonly GangListenerOptions options;
    private readonly Doors doors = new();
    private readonly CancellationTokenSource stop = new();
    private int pending;

    /// <summary>Listens on an address; port 0 lets the system choose.</summary>
    /// <exception cref="CannotListenException">The port is taken or the address is not this machine's.</exception>
    public GangListener(IPAddress address, int port = 0, GangListenerOptions? options = null)
    {
        this.options = options ?? GangListenerOptions.Default;
        var endPoint = new IPEndPoint(address, port);
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        SocketSetup.Listening(socket, address);
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new CannotListenException(endPoint, e);
        }

        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        unixSocket = UnixAddress.TryListen(EndPoint);
        _ = AcceptAsync(socket, stop.Token);
        if (unixSocket is not null)
        {
            _ = AcceptAsync(unixSocket, stop.Token);
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Counts of this listener and of the gangs that joined through it.</summary>
    public GangCounters Counters { get; } = new();

    /// <summary>Offers a state to whoever proves to be invited, until the offer is disposed; feeds that have begun go on.</summary>
    /// <param name="arrived">Called on a pool thread with each connection, which is its to dispose. A broken feed may escape from it.</param>
    /// <exception cref="InvalidOperationException">This worker offers a state of that trial and epoch already.</exception>
    public IDisposable Offer(FeedInvitation invitation, Action<FeedConnection> arrived, GangOptions? options = null)
    {
        invitation.Check();
        var door = new FeedDoor(new FeedParty(invitation), options ?? GangOptions.Default, arrived);
        doors.Open(door);
        return door;
    }

    /// <summary>Accepts nobody any more. Gangs that have joined go on.</summary>
    public void Dispose()
    {
        stop.Cancel();
        socket.Dispose();
        unixSocket?.Dispose();
        doors.Dispose();
    }

    /// <summary>Lets in the peers of a gang from now on, those that wait already first.</summary>
    internal GangDoor Open(GangParty party)
    {
        var door = new GangDoor(party);
        doors.Open(door);
        return door;
    }

    private async Task AcceptAsync(Socket listening, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Admit(await listening.AcceptAsync(cancellation));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer gave up before it was accepted, or this process has no descriptor left for now.
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
        }
    }

    private void Admit(Socket peer)
    {
        if (Interlocked.Increment(ref pending) > options.MaxPending)
        {
            Counters.CountRefusal(HelloRefusal.Crowded);
            Interlocked.Decrement(ref pending);
            peer.Dispose();
            return;
        }

        _ = GreetAsync(peer);
    }

    private async Task GreetAsync(Socket peer)
    {
        Wire? wire = null;
        var letIn = false;
        try
        {
            SocketSetup.Prepare(peer);
            SocketSetup.Connected(peer);
            wire = await TrySecureAsync(peer);
            letIn = wire is not null && await TryLetInAsync(wire);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer is gone, or this listener is.
        }
        finally
        {
            if (!letIn)
            {
                wire?.Dispose();
                peer.Dispose();
            }

            Interlocked.Decrement(ref pending);
        }
    }

    /// <summary>Null when the peer is refused; there is no way to tell it why in a hello.</summary>
    private async Task<Wire?> TrySecureAsync(Socket peer)
    {
        using var limit = TimeLimit();
        try
        {
            return await TlsHandshake.AcceptAsync(peer, options.Security, limit.Token);
        }
        catch (ProtocolException e)
        {
            Counters.CountRefusal(e.Refusal);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Counters.CountRefusal(HelloRefusal.TooSlow);
        }

        return null;
    }

    /// <summary>True when a gang has the connection now.</summary>
    private async Task<bool> TryLetInAsync(Wire peer)
    {
        try
        {
            await LetInAsync(peer);
            return true;
        }
        catch (ProtocolException e)
        {
            Counters.CountRefusal(e.Refusal);
            await RefuseAsync(peer, e.Refusal);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Counters.CountRefusal(HelloRefusal.TooSlow);
            await RefuseAsync(peer, HelloRefusal.TooSlow);
        }
        catch (SocketException)
        {
            Counters.CountRefusal(HelloRefusal.Malformed);
        }

        return false;
    }

    private async Task LetInAsync(Wire peer)
    {
        using var helloLimit = TimeLimit();
        var bytes = await HelloStream.ReceiveAsync(peer, helloLimit.Token);
        if (HelloCodec.Read(bytes) is not HelloMessage.Hello hello)
        {
            throw ProtocolException.Malformed("a connection must start with a Hello message");
        }

        var door = await doors.FindAsync(hello, options.HoldLimit, stop.Token);
        door.Party.Check(hello);
        using var proofLimit = TimeLimit();
        var terms = await Handshake.AnswerAsync(peer, door.Party, hello, bytes, proofLimit.Token);
        try
        {
            await AdmitAsync(door, hello, new Arrival(peer, terms), proofLimit.Token);
        }
        catch
        {
            terms.Memory?.Dispose();
            throw;
        }

        Counters.CountAccepted();
    }

    private static async Task AdmitAsync(Door door, HelloMessage.Hello hello, Arrival arrival, CancellationToken cancellation)
    {
        if (door.Awaits(hello))
        {
            await HelloStream.SendAsync(arrival.Wire, new HelloMessage.Ready(arrival.Terms.Transport, Clock.Now), cancellation);
            if (door.TryAdmit(hello, arrival))
            {
                return;
            }
        }

        throw new ProtocolException(HelloRefusal.Duplicate, $"member {hello.From} is connected already");
    }

    private async Task RefuseAsync(Wire peer, HelloRefusal reason)
    {
        using var limit = TimeLimit();
        await HelloStream.SendAsync(peer, new HelloMessage.Refused(reason), limit.Token);
    }

    private CancellationTokenSource TimeLimit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(options.HelloLimit);
        return limit;
    }
}
