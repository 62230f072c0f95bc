using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Gangs;

/// <summary>The gangs of a worker process by trial and epoch, and the hellos that wait for one to be opened.</summary>
internal sealed class GangDoors : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<GangDoor> open = [];
    private readonly List<Waiter> waiters = []; // bounded by the listener's cap on pending connections

    public GangDoor Open(GangInvitation invitation)
    {
        lock (gate)
        {
            if (open.Exists(door => Is(door, invitation.Trial, invitation.Epoch)))
            {
                throw new InvalidOperationException($"this worker is in the gang of trial '{invitation.Trial}', epoch {invitation.Epoch}, already");
            }

            var door = new GangDoor(invitation, Close);
            open.Add(door);
            foreach (var waiter in waiters.Where(waiter => waiter.Trial == invitation.Trial).ToList())
            {
                Serve(waiter, door);
            }

            return door;
        }
    }

    /// <summary>The door of a trial and epoch, or the one that is opened within <paramref name="patience"/>.</summary>
    /// <exception cref="ProtocolException">The epoch is over, or nobody opened in time.</exception>
    public async Task<GangDoor> FindAsync(string trial, long epoch, TimeSpan patience, CancellationToken cancellation)
    {
        var waiter = new Waiter(trial, epoch);
        lock (gate)
        {
            foreach (var door in open.Where(door => door.Invitation.Trial == trial).OrderByDescending(door => door.Invitation.Epoch))
            {
                Serve(waiter, door);
            }

            waiters.Add(waiter);
        }

        try
        {
            return await waiter.Door.Task.WaitAsync(patience, cancellation);
        }
        catch (TimeoutException)
        {
            throw new ProtocolException(HelloRefusal.NotExpected, $"no gang of trial '{trial}', epoch {epoch}, is being joined here");
        }
        finally
        {
            lock (gate)
            {
                waiters.Remove(waiter);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            waiters.ForEach(waiter => waiter.Door.TrySetCanceled());
        }
    }

    private static void Serve(Waiter waiter, GangDoor door)
    {
        var (trial, epoch) = (door.Invitation.Trial, door.Invitation.Epoch);
        if (epoch == waiter.Epoch)
        {
            waiter.Door.TrySetResult(door);
        }
        else if (epoch > waiter.Epoch)
        {
            waiter.Door.TrySetException(new ProtocolException(HelloRefusal.StaleEpoch, $"epoch {waiter.Epoch} of trial '{trial}' is over; it is {epoch} now"));
        }
    }

    private static bool Is(GangDoor door, string trial, long epoch) => door.Invitation.Trial == trial && door.Invitation.Epoch == epoch;

    private void Close(GangDoor door)
    {
        lock (gate)
        {
            open.Remove(door);
        }
    }

    private sealed class Waiter(string trial, long epoch)
    {
        public string Trial => trial;

        public long Epoch => epoch;

        public TaskCompletionSource<GangDoor> Door { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
