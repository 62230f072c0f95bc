using System.Net;
using System.Net.Sockets;
using GenCluster.Collectives.Encryption;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Listening;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Gangs;

/// <summary>Connects to a listener and passes its hello. It may not listen yet, or not have its order: dials again until cancelled.</summary>
internal static class Dialer
{
    /// <summary>Whoever is refused by its certificate is not told so: the connection only ends. Once may be chance.</summary>
    private const int MostSilentEnds = 5;

    /// <summary>Dials a lower member.</summary>
    public static async Task<Arrival> DialAsync(GangParty party, int peer, CancellationToken cancellation)
    {
        var invitation = party.Invitation;
        try
        {
            return await DialAsync(party, () => party.ClaimsTo(peer), invitation.EndPoints[peer], party.Options, cancellation);
        }
        catch (ProtocolException e)
        {
            throw new GangBrokenException(
                invitation.Member, peer, GangBreak.Refused, $"joining trial '{invitation.Trial}', epoch {invitation.Epoch}: {e.Message} (member {peer} at {invitation.EndPoints[peer]})", e)
            {
                Refusal = e.Refusal,
            };
        }
    }

    /// <exception cref="ProtocolException">The other side refused for good, or is not who it must be.</exception>
    public static async Task<Arrival> DialAsync(
        IHelloParty party, Func<HelloMessage.Hello> claims, IPEndPoint endPoint, GangOptions options, CancellationToken cancellation)
    {
        var silent = 0;
        while (true)
        {
            var (arrival, isSilent) = await TryDialAsync(party, claims(), endPoint, options, cancellation);
            if (arrival is not null)
            {
                return arrival;
            }

            silent = isSilent ? silent + 1 : 0;
            if (silent == MostSilentEnds)
            {
                throw new ProtocolException(
                    HelloRefusal.Certificate, $"the peer ended the TLS connection {silent} times when it had seen the certificate of this worker, which it does not seem to accept");
            }

            await Task.Delay(options.RedialAfter, cancellation);
        }
    }

    /// <summary>One attempt; null when another may do better, silent if the peer left without a word once TLS was there.</summary>
    private static async Task<(Arrival? Arrival, bool IsSilent)> TryDialAsync(
        IHelloParty party, HelloMessage.Hello claims, IPEndPoint endPoint, GangOptions options, CancellationToken cancellation)
    {
        var socket = options.Transport == Transport.Unix ? UnixAddress.NewSocket() : SocketSetup.NewTcp(endPoint);
        Wire? wire = null;
        Arrival? arrival = null;
        try
        {
            await ConnectAsync(socket, options.Transport == Transport.Unix ? UnixAddress.Of(endPoint) : endPoint, cancellation);

            SocketSetup.Connected(socket);

            // Dialling a free port of one's own machine can meet oneself: TCP's simultaneous open.
            if (socket.AddressFamily == AddressFamily.Unix || !Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                wire = await TlsHandshake.DialAsync(socket, options.Security, cancellation);
                arrival = new Arrival(wire, await Handshake.OfferAsync(wire, party, claims, cancellation));
            }
        }
        catch (Exception e) when (MayPass(e))
        {
            // Not there yet, or too busy: the caller dials again.
        }
        finally
        {
            if (arrival is null)
            {
                wire?.Dispose();
                socket.Dispose();
            }
        }

        return (arrival, wire is TlsWire { HasReceived: false });
    }

    private static async Task ConnectAsync(Socket socket, EndPoint endPoint, CancellationToken cancellation)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            for (var tries = 0; !socket.Poll(0, SelectMode.SelectWrite); tries++)
            {
                await LookAgain.AfterAsync(tries, cancellation);
            }

            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0)
            {
                throw new SocketException(error);
            }
        }
    }

    private static bool MayPass(Exception e) =>
        e is SocketException or ProtocolException { Refusal: HelloRefusal.NotExpected or HelloRefusal.Crowded or HelloRefusal.TooSlow };
}
