using GenCluster.Collectives.Links;
using GenCluster.Collectives.Listening;
using GenCluster.Collectives.Memory;

namespace GenCluster.Collectives.Gangs;

public sealed partial class WiredGang
{
    /// <summary>
    /// Connects to all members: dials those with a lower number, and lets those with a higher one in through
    /// <paramref name="listener"/>. They may be later than this worker; each side waits up to the join deadline.
    /// </summary>
    /// <param name="memory">This member's vectors. Until the gang is disposed it is the gang's: members of the same host write to it.</param>
    /// <exception cref="GangBrokenException">A member refused, or was not there in time. Everything is closed again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. Everything is closed again.</exception>
    public static async Task<WiredGang> JoinAsync(
        GangInvitation invitation, VectorMemory memory, GangListener listener, GangOptions? options = null, CancellationToken cancellation = default)
    {
        if (!BitConverter.IsLittleEndian || !OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("a gang of several members needs Linux on a little-endian machine; train with one member here");
        }

        invitation.Check();
        invitation.Plan.CheckFits(memory);
        options ??= GangOptions.Default;
        memory.Share();
        try
        {
            var party = new GangParty(invitation, memory, options);
            return new WiredGang(party, await ConnectAsync(party, listener, cancellation), listener.Counters);
        }
        catch (Exception e)
        {
            if (e is GangBrokenException broken)
            {
                listener.Counters.CountUnjoined(broken.Reason);
            }

            memory.Withdraw();
            throw;
        }
    }

    /// <summary>As <see cref="JoinAsync"/>, for a thread that belongs to the training and may block.</summary>
    public static WiredGang Join(
        GangInvitation invitation, VectorMemory memory, GangListener listener, GangOptions? options = null, CancellationToken cancellation = default) =>
        Task.Run(() => JoinAsync(invitation, memory, listener, options, cancellation), CancellationToken.None).GetAwaiter().GetResult();

    private static async Task<Connections> ConnectAsync(GangParty party, GangListener listener, CancellationToken cancellation)
    {
        var (invitation, options) = (party.Invitation, party.Options);
        var door = listener.Open(party);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.JoinDeadline);
        var connections = Connect(party, door, limit.Token);
        try
        {
            await foreach (var connection in Task.WhenEach(connections.Values))
            {
                await connection;
            }

            return new Connections(door, [.. await Task.WhenAll(connections.Values)]);
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
                    $"joining trial '{invitation.Trial}', epoch {invitation.Epoch}: not there after {options.JoinDeadline.TotalSeconds:0.###} s: members {string.Join(", ", missing)}", e)
                {
                    WaitedFor = [.. missing],
                };
            }

            throw;
        }
    }

    private static SortedDictionary<int, Task<Arrival>> Connect(GangParty party, GangDoor door, CancellationToken limit)
    {
        var connections = new SortedDictionary<int, Task<Arrival>>();
        for (var peer = 0; peer < party.Invitation.Plan.Members; peer++)
        {
            if (peer < party.Invitation.Member)
            {
                connections[peer] = Dialer.DialAsync(party, peer, limit);
            }
            else if (peer > party.Invitation.Member)
            {
                connections[peer] = door.ArrivalOf(peer).WaitAsync(limit);
            }
        }

        return connections;
    }

    private static async Task CloseAsync(IEnumerable<Task<Arrival>> connections)
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

    private sealed record Connections(GangDoor Door, Arrival[] Arrivals);
}
