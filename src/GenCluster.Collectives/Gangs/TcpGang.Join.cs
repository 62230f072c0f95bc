using System.Net.Sockets;

namespace GenCluster.Collectives.Gangs;

public sealed partial class TcpGang
{
    /// <summary>
    /// Connects to all members: dials those with a lower number, and lets those with a higher one in through
    /// <paramref name="listener"/>. They may be later than this worker; each side waits up to the join deadline.
    /// </summary>
    /// <exception cref="GangBrokenException">A member refused, or was not there in time. Everything is closed again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. Everything is closed again.</exception>
    public static async Task<TcpGang> JoinAsync(
        GangInvitation invitation, GangListener listener, GangOptions? options = null, CancellationToken cancellation = default)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("the data plane carries little-endian floats as they are in memory; this machine is big-endian");
        }

        invitation.Check();
        options ??= GangOptions.Default;
        var door = listener.Open(invitation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.JoinDeadline);
        var connections = Connect(invitation, options, door, limit.Token);
        try
        {
            await foreach (var connection in Task.WhenEach(connections.Values))
            {
                await connection;
            }

            var links = new List<PeerLink>();
            foreach (var (peer, connection) in connections)
            {
                links.Add(new PeerLink(await connection, invitation, peer, listener.Counters));
            }

            return new TcpGang(invitation, options, door, [.. links]);
        }
        catch (Exception e)
        {
            var missing = connections.Where(peer => !peer.Value.IsCompletedSuccessfully).Select(peer => peer.Key).ToList();
            await limit.CancelAsync();
            await door.AbandonAsync();
            await CloseAsync(connections.Values);
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new GangBrokenException(
                    invitation.Member, missing[0], GangBreak.Deadline,
                    $"joining trial '{invitation.Trial}', epoch {invitation.Epoch}: not there after {options.JoinDeadline.TotalSeconds:0.###} s: members {string.Join(", ", missing)}", e);
            }

            throw;
        }
    }

    /// <summary>As <see cref="JoinAsync"/>, for a thread that belongs to the training and may block.</summary>
    public static TcpGang Join(
        GangInvitation invitation, GangListener listener, GangOptions? options = null, CancellationToken cancellation = default) =>
        Task.Run(() => JoinAsync(invitation, listener, options, cancellation), CancellationToken.None).GetAwaiter().GetResult();

    private static Dictionary<int, Task<Socket>> Connect(GangInvitation invitation, GangOptions options, GangDoor door, CancellationToken limit)
    {
        var connections = new Dictionary<int, Task<Socket>>();
        for (var peer = 0; peer < invitation.Plan.Members; peer++)
        {
            if (peer < invitation.Member)
            {
                connections[peer] = Dialer.DialAsync(invitation, peer, options.RedialAfter, limit);
            }
            else if (peer > invitation.Member)
            {
                connections[peer] = door.ArrivalOf(peer).WaitAsync(limit);
            }
        }

        return connections;
    }

    private static async Task CloseAsync(IEnumerable<Task<Socket>> connections)
    {
        foreach (var connection in connections)
        {
            try
            {
                (await connection).Dispose();
            }
            catch (Exception e) when (e is OperationCanceledException or GangBrokenException)
            {
                // It never came about.
            }
        }
    }
}
