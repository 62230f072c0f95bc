using System.Net;
using System.Net.Sockets;

namespace GenCluster.Collectives.Listening;

/// <summary>The Unix socket beside a TCP listener: an abstract name made of its address, which leaves no file behind.</summary>
internal static class UnixAddress
{
    /// <summary>Unix sockets have small buffers by default, and each full one costs both sides a wake-up.</summary>
    private const int BufferBytes = 4 << 20;

    public static EndPoint Of(IPEndPoint endPoint) => new UnixDomainSocketEndPoint($"\0gencluster/{endPoint}");

    public static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Prepare(socket);
        return socket;
    }

    public static void Prepare(Socket socket)
    {
        socket.SendBufferSize = BufferBytes;
        socket.ReceiveBufferSize = BufferBytes;
    }

    /// <summary>Listens; null where the system has no such names or somebody has this one.</summary>
    public static Socket? TryListen(IPEndPoint endPoint)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var socket = NewSocket();
        try
        {
            socket.Bind(Of(endPoint));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
