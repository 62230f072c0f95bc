using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GenCluster.Collectives.Listening;

/// <summary>What is set on every connection of the data plane.</summary>
internal static class SocketSetup
{
    private const int TcpLevel = 6; // IPPROTO_TCP
    private const int CongestionOption = 13; // TCP_CONGESTION

    /// <summary>A socket to dial <paramref name="endPoint"/> with.</summary>
    public static Socket NewTcp(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Prepare(socket);
        if (IPAddress.IsLoopback(endPoint.Address))
        {
            PreferSimpleCongestionControl(socket);
        }

        return socket;
    }

    /// <summary>For every connection, whether it is made yet or not.</summary>
    public static void Prepare(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            UnixAddress.Prepare(socket);
            return;
        }

        socket.NoDelay = true;

        // A host that lost its power says nothing: an idle connection asks.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    /// <summary>For a connection that has been made, by either side.</summary>
    public static void Connected(Socket socket)
    {
        if (socket.RemoteEndPoint is IPEndPoint remote && socket.LocalEndPoint is IPEndPoint local && IsThisHost(remote, local))
        {
            PreferSimpleCongestionControl(socket);
        }
    }

    /// <summary>For a listening socket: what it accepts has its congestion control from the first byte.</summary>
    public static void Listening(Socket socket, IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            PreferSimpleCongestionControl(socket);
        }
    }

    /// <summary>
    /// Within one host nothing is lost and there is nothing to probe for: a control that paces its packets by what it believes
    /// of the path (BBR) only halves the speed.
    /// </summary>
    private static void PreferSimpleCongestionControl(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                socket.SetRawSocketOption(TcpLevel, CongestionOption, Encoding.ASCII.GetBytes("reno"));
            }
            catch (SocketException)
            {
                // It is not allowed here; the default works too.
            }
        }
    }

    private static bool IsThisHost(IPEndPoint remote, IPEndPoint local) => IPAddress.IsLoopback(remote.Address) || remote.Address.Equals(local.Address);
}
