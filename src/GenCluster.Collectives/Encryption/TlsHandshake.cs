using System.Net.Security;
using System.Net.Sockets;
using GenCluster.Certificates;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Encryption;

/// <summary>Makes a wire of a socket that has just been connected: under TLS, if that is asked for and somebody may be in between.</summary>
internal static class TlsHandshake
{
    /// <summary>The side that was dialled. The socket is the caller's until this returns.</summary>
    /// <exception cref="ProtocolException">The peer is refused.</exception>
    public static Task<Wire> AcceptAsync(Socket socket, TransportSecurity? security, CancellationToken cancellation) =>
        SecureAsync(socket, security, (tls, stream) => tls.AcceptAsync(stream, cancellation), cancellation);

    /// <summary>The side that dials. The socket is the caller's until this returns.</summary>
    /// <exception cref="ProtocolException">The peer is refused, or refuses.</exception>
    public static Task<Wire> DialAsync(Socket socket, TransportSecurity? security, CancellationToken cancellation) =>
        SecureAsync(socket, security, (tls, stream) => tls.DialAsync(stream, cancellation), cancellation);

    private static async Task<Wire> SecureAsync(
        Socket socket, TransportSecurity? security, Func<TransportSecurity, Stream, Task<SslStream>> begin, CancellationToken cancellation)
    {
        // A Unix socket does not leave the host.
        if (security is null || socket.AddressFamily == AddressFamily.Unix)
        {
            return new SocketWire(socket);
        }

        var cipher = new CipherStream(socket);
        var handshake = begin(security, cipher);
        try
        {
            await CarryAsync(cipher, handshake, cancellation);
            return new TlsWire(socket, cipher, await handshake);
        }
        catch (PeerRefusedException e)
        {
            cipher.Flush(out _); // the alert that tells the peer why, if the kernel takes it
            throw new ProtocolException(e.Reason == PeerRefusal.NotTls ? HelloRefusal.NotEncrypted : HelloRefusal.Certificate, e.Message, e);
        }
    }

    private static async Task CarryAsync(CipherStream cipher, Task handshake, CancellationToken cancellation)
    {
        for (var tries = 0; ; tries++)
        {
            var fed = cipher.TryFeed();
            cipher.Flush(out var moved);
            if (handshake.IsCompleted)
            {
                return;
            }

            tries = fed || moved ? 0 : tries;
            await LookAgain.AfterAsync(tries, cancellation);
        }
    }
}
