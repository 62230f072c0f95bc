using System.Net;
using System.Net.Sockets;

namespace GenCluster.Collectives.Gangs;

/// <summary>The data plane's address cannot be listened on. The message is one sentence with the remedy.</summary>
public sealed class CannotListenException : Exception
{
    internal CannotListenException(IPEndPoint endPoint, SocketException inner)
        : base(Sentence(endPoint, inner.SocketErrorCode), inner)
    {
        EndPoint = endPoint;
    }

    /// <summary>The address that was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    private static string Sentence(IPEndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"port {endPoint.Port} on {endPoint.Address} is taken by another process; choose another port for the data plane, or 0 to let the system choose.",
        SocketError.AddressNotAvailable =>
            $"{endPoint.Address} is not an address of this machine; choose one that is for the data plane.",
        SocketError.AccessDenied =>
            $"port {endPoint.Port} on {endPoint.Address} may not be opened by this user; choose a port above 1023 for the data plane, or 0 to let the system choose.",
        _ => $"the data plane cannot listen on {endPoint}: {error}; choose another address or port.",
    };
}
