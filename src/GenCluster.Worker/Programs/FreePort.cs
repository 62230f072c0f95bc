using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace GenCluster.Worker.Programs;

/// <summary>Ports for programs.</summary>
internal static class FreePort
{
    private const int First = 10_000, Count = 20_000; // below those that the system hands out

    /// <summary>One that was free a moment ago.</summary>
    public static int OnLoopback()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>The port that the members of a gang meet on: the same for all who know its secret, and another for each gang.</summary>
    public static int OfGang(byte[] secret) =>
        First + (int)(BitConverter.ToUInt32(HMACSHA256.HashData(secret, "gencluster master port"u8)) % Count);

    /// <summary>Whether nobody on this machine listens on it.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Any, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
