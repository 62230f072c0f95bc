using System.Net.Sockets;
using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Gangs;

/// <summary>Connects to a lower member. It may not listen yet, or not have its order: dials again until cancelled.</summary>
internal static class Dialer
{
    public static async Task<Socket> DialAsync(GangInvitation invitation, int peer, TimeSpan redialAfter, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await TryDialAsync(invitation, peer, cancellation) is { } socket)
                {
                    return socket;
                }
            }
            catch (ProtocolException e)
            {
                throw new GangBrokenException(
                    invitation.Member, peer, GangBreak.Refused, $"joining trial '{invitation.Trial}', epoch {invitation.Epoch}: {e.Message} (member {peer} at {invitation.EndPoints[peer]})", e)
                {
                    Refusal = e.Refusal,
                };
            }

            await Task.Delay(redialAfter, cancellation);
        }
    }

    /// <summary>One attempt; null when another may do better.</summary>
    private static async Task<Socket?> TryDialAsync(GangInvitation invitation, int peer, CancellationToken cancellation)
    {
        var endPoint = invitation.EndPoints[peer];
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var done = false;
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);

            // Dialling a free port of one's own machine can meet oneself: TCP's simultaneous open.
            if (!Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                await Handshake.OfferAsync(socket, invitation, peer, cancellation);
                done = true;
            }
        }
        catch (Exception e) when (MayPass(e))
        {
            // Not there yet, or too busy: the caller dials again.
        }
        finally
        {
            if (!done)
            {
                socket.Dispose();
            }
        }

        return done ? socket : null;
    }

    private static bool MayPass(Exception e) =>
        e is SocketException or ProtocolException { Refusal: HelloRefusal.NotExpected or HelloRefusal.Crowded or HelloRefusal.TooSlow };
}
