using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;
using GenCluster.Certificates;

namespace GenCluster.Actors.Remoting;

/// <summary>
/// Remoting over TCP and TLS, in place of Akka's own transport, whose certificate is fixed for the life of the process and whose
/// handshake has no end. Frames are a length and as many bytes. Takes the settings of <c>akka.remote.dot-netty.tcp</c>.
/// </summary>
public sealed class TlsTransport : Transport
{
    private const int MaxPending = 128; // strangers at a time; more are closed at once
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);

    private readonly TransportSecurity security;
    private readonly ILoggingAdapter log;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TlsAssociation, Task> associations = new();
    private Socket? listener;
    private Address own = Address.AllSystems;
    private int pending;

    /// <summary>Made by the actor system.</summary>
    public TlsTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        SchemeIdentifier = "tcp";
        MaximumPayloadBytes = config.GetByteSize("maximum-frame-size", null) ?? 128_000;
        security = system.Settings.Setup.Get<TlsSetup>().Value.Security;
        log = Akka.Event.Logging.GetLogger(system, this);
        security.Certificate.Changed += Tell;
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(Config.GetString("hostname")), Config.GetInt("port"));
        listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(endPoint);
        listener.Listen();
        string publicHost = Config.GetString("public-hostname");
        own = new Address(SchemeIdentifier, System.Name, string.IsNullOrEmpty(publicHost) ? endPoint.Address.ToString() : publicHost, ((IPEndPoint)listener.LocalEndPoint!).Port);
        var upper = new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = AcceptAsync(listener, upper.Task);
        return Task.FromResult((own, upper));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidAssociationException">Nobody is there, or not who must be.</exception>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(Config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(15)));
        Socket? socket = null;
        try
        {
            socket = NewSocket();
            await socket.ConnectAsync(remoteAddress.Host, remoteAddress.Port ?? 0, limit.Token).ConfigureAwait(false);
            var tls = await security.DialAsync(new NetworkStream(socket), limit.Token).ConfigureAwait(false);
            return Add(new TlsAssociation(own, remoteAddress, socket, tls, (int)MaximumPayloadBytes, FlushTime));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            socket?.Dispose();
            throw new InvalidAssociationException($"{remoteAddress}: {e.Message}"); // its trace would fill the log, once a second
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> Shutdown()
    {
        security.Certificate.Changed -= Tell;
        listener?.Dispose();
        foreach (var association in associations.Keys)
            association.End();
        await Task.WhenAny(Task.WhenAll(associations.Values), Task.Delay(FlushTime, TimeProvider.System)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        bool clean = associations.IsEmpty;
        foreach (var association in associations.Keys)
            association.Dispose();
        return clean;
    }

    private async Task AcceptAsync(Socket listening, Task<IAssociationEventListener> upper)
    {
        var events = await upper.ConfigureAwait(false);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = GreetAsync(await listening.AcceptAsync(stop.Token).ConfigureAwait(false), events);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // The peer gave up before it was accepted, or this process has no descriptor left for now.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task GreetAsync(Socket peer, IAssociationEventListener events)
    {
        TlsAssociation? association = null;
        try
        {
            if (Interlocked.Increment(ref pending) <= MaxPending)
                association = await TrySecureAsync(peer).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref pending); // or strangers would be refused for ever after some that failed in a way nobody thought of
            if (association is null)
                peer.Dispose();
        }

        if (association is not null)
            events.Notify(new InboundAssociation(Add(association)));
    }

    private async Task<TlsAssociation?> TrySecureAsync(Socket peer)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(HandshakeTime);
        try
        {
            Prepare(peer);
            var from = (IPEndPoint)peer.RemoteEndPoint!;
            var tls = await security.AcceptAsync(new NetworkStream(peer), limit.Token).ConfigureAwait(false);
            return new TlsAssociation(own, new Address(SchemeIdentifier, System.Name, from.Address.ToString(), from.Port), peer, tls, (int)MaximumPayloadBytes, FlushTime);
        }
        catch (PeerRefusedException e)
        {
            TellRefusal(peer, e);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It left, or took too long.
        }

        return null;
    }

    /// <summary>A stranger that tries on and on must not fill the log: the first, second, fourth, eighth and so on are told.</summary>
    private void TellRefusal(Socket peer, PeerRefusedException e)
    {
        if (security.Refused(e.Reason) is var count && count > 0 && long.IsPow2(count))
            log.Warning("a connection from {0} was refused: {3} ({2}, the {1}. of these)", peer.RemoteEndPoint, count, e.Reason, e.Message);
    }

    private void Tell(NodeCertificateChange change)
    {
        if (change.Fault is null)
            log.Info(change.Message);
        else
            log.Error(change.Message);
    }

    private TlsAssociation Add(TlsAssociation association)
    {
        associations[association] = association.Ended;
        association.Ended.ContinueWith(_ => associations.TryRemove(association, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        association.Begin();
        return association;
    }

    private static Socket NewSocket()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Prepare(socket);
        return socket;
    }

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }
}
