using System.Net;
using System.Net.Sockets;
using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// The data plane's listening socket, one for a worker process: whoever connects says which trial and epoch it means, and
/// is led to the gang that is being joined here. A peer may be earlier than this worker's own order: its hello is held.
/// </summary>
public sealed class GangListener : IDisposable
{
    private readonly Socket socket;
    private readonly GangListenerOptions options;
    private readonly GangDoors doors = new();
    private readonly CancellationTokenSource stop = new();
    private int pending;

    /// <summary>Listens on an address; port 0 lets the system choose.</summary>
    /// <exception cref="CannotListenException">The port is taken or the address is not this machine's.</exception>
    public GangListener(IPAddress address, int port = 0, GangListenerOptions? options = null)
    {
        this.options = options ?? GangListenerOptions.Default;
        var endPoint = new IPEndPoint(address, port);
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
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
        _ = AcceptAsync(stop.Token);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Counts of this listener and of the gangs that joined through it.</summary>
    public GangCounters Counters { get; } = new();

    /// <summary>Accepts nobody any more. Gangs that have joined go on.</summary>
    public void Dispose()
    {
        stop.Cancel();
        socket.Dispose();
        doors.Dispose();
    }

    /// <summary>Lets in the peers of a gang from now on, those that wait already first.</summary>
    internal GangDoor Open(GangInvitation invitation) => doors.Open(invitation);

    private async Task AcceptAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Admit(await socket.AcceptAsync(cancellation));
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
        var letIn = false;
        try
        {
            peer.NoDelay = true;
            letIn = await TryLetInAsync(peer);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer is gone, or this listener is.
        }
        finally
        {
            if (!letIn)
            {
                peer.Dispose();
            }

            Interlocked.Decrement(ref pending);
        }
    }

    /// <summary>True when a gang has the connection now.</summary>
    private async Task<bool> TryLetInAsync(Socket peer)
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

    private async Task LetInAsync(Socket peer)
    {
        using var helloLimit = TimeLimit();
        var bytes = await HelloStream.ReceiveAsync(peer, helloLimit.Token);
        if (HelloCodec.Read(bytes) is not HelloMessage.Hello hello)
        {
            throw ProtocolException.Malformed("a connection must start with a Hello message");
        }

        var door = await doors.FindAsync(hello.Trial, hello.Epoch, options.HoldLimit, stop.Token);
        using var proofLimit = TimeLimit();
        await Handshake.AnswerAsync(peer, door.Invitation, hello, bytes, proofLimit.Token);
        if (!door.Awaits(hello.From))
        {
            throw new ProtocolException(HelloRefusal.Duplicate, $"member {hello.From} is connected already");
        }

        await HelloStream.SendAsync(peer, new HelloMessage.Ready(), proofLimit.Token);
        if (!door.TryAdmit(hello.From, peer))
        {
            throw new ProtocolException(HelloRefusal.Duplicate, $"member {hello.From} is connected already");
        }

        Counters.CountAccepted();
    }

    private async Task RefuseAsync(Socket peer, HelloRefusal reason)
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
