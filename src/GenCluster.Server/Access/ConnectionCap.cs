using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace GenCluster.Server.Access;

/// <summary>Keeps one address from taking all connections: what is more than its part is closed as it comes.</summary>
internal sealed class ConnectionCap(int perAddress)
{
    private readonly ConcurrentDictionary<IPAddress, int> open = new();

    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        try
        {
            if (open.AddOrUpdate(address, 1, (_, count) => count + 1) > perAddress)
                connection.Abort(new ConnectionAbortedException("too many connections from one address"));
            else
                await next(connection);
        }
        finally
        {
            Close(address);
        }
    };

    private void Close(IPAddress address)
    {
        int left = open.AddOrUpdate(address, 0, (_, count) => count - 1);
        if (left == 0)
            open.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
    }
}
