using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Listening;

namespace GenCluster.Collectives.Feeds;

/// <summary>Where a state is offered: every proven connection gets its own feed, until the offer is taken back.</summary>
internal sealed class FeedDoor(FeedParty party, GangOptions options, Action<FeedConnection> arrived) : Door(party)
{
    private volatile bool open = true;

    public override bool Awaits(HelloMessage.Hello hello) => open;

    public override bool TryAdmit(HelloMessage.Hello hello, Arrival arrival)
    {
        if (open)
        {
            var connection = new FeedConnection(arrival.Wire, options);
            ThreadPool.UnsafeQueueUserWorkItem(Hand, connection, preferLocal: false);
            return true;
        }

        return false;
    }

    public override void Dispose()
    {
        open = false;
        base.Dispose();
    }

    private void Hand(FeedConnection connection)
    {
        try
        {
            arrived(connection);
        }
        catch (Exception e) when (e is FeedBrokenException or ObjectDisposedException or OperationCanceledException)
        {
            connection.Dispose(); // its end is how the other side learns of it
        }
    }
}
