using Microsoft.AspNetCore.Connections;

namespace GenCluster.Server.Access;

/// <summary>
/// Closes a connection over which nothing comes after it was opened. To the web server it looks like one that is kept for a next
/// request, which may take long; but it takes one of the places that there are, and has asked for nothing yet.
/// </summary>
internal sealed class FirstByte(TimeSpan limit)
{
    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        var input = connection.Transport.Input;
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed))
        {
            patience.CancelAfter(limit);
            try
            {
                var first = await input.ReadAsync(patience.Token);
                input.AdvanceTo(first.Buffer.Start); // for whoever comes next
            }
            catch (OperationCanceledException)
            {
                connection.Abort(new ConnectionAbortedException("nothing came over the connection"));
                return;
            }
        }

        await next(connection);
    };
}
