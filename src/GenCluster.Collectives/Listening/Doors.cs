using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Listening;

/// <summary>The doors of a worker process by purpose, trial and epoch, and the hellos that wait for one to be opened.</summary>
internal sealed class Doors : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Door> open = [];
    private readonly List<Waiter> waiters = []; // bounded by the listener's cap on pending connections

    public void Open(Door door)
    {
        var party = door.Party;
        lock (gate)
        {
            if (open.Exists(other => IsAlike(other.Party, party) && other.Party.Epoch == party.Epoch))
            {
                var what = party.Purpose == HelloPurpose.Gang ? "is in the gang" : "offers the state";
                throw new InvalidOperationException($"this worker {what} of trial '{party.Trial}', epoch {party.Epoch}, already");
            }

            door.Closed = Close;
            open.Add(door);
            foreach (var waiter in waiters.Where(waiter => waiter.Means(party)).ToList())
            {
                Serve(waiter, door);
            }
        }
    }

    /// <summary>The door of a trial and epoch, or the one that is opened within <paramref name="patience"/>.</summary>
    /// <exception cref="ProtocolException">The epoch is over, or nobody opened in time.</exception>
    public async Task<Door> FindAsync(HelloMessage.Hello hello, TimeSpan patience, CancellationToken cancellation)
    {
        var waiter = new Waiter(hello);
        lock (gate)
        {
            foreach (var door in open.Where(door => waiter.Means(door.Party)).OrderByDescending(door => door.Party.Epoch))
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
            throw new ProtocolException(HelloRefusal.NotExpected, $"no {hello.Purpose} of trial '{hello.Trial}', epoch {hello.Epoch}, is awaited here");
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

    private static bool IsAlike(IHelloParty one, IHelloParty other) => one.Purpose == other.Purpose && one.Trial == other.Trial;

    private static void Serve(Waiter waiter, Door door)
    {
        var (hello, party) = (waiter.Hello, door.Party);
        if (party.Epoch == hello.Epoch)
        {
            waiter.Door.TrySetResult(door);
        }
        else if (party.Epoch > hello.Epoch)
        {
            waiter.Door.TrySetException(new ProtocolException(HelloRefusal.StaleEpoch, $"epoch {hello.Epoch} of trial '{party.Trial}' is over; it is {party.Epoch} now"));
        }
    }

    private void Close(Door door)
    {
        lock (gate)
        {
            open.Remove(door);
        }
    }

    private sealed class Waiter(HelloMessage.Hello hello)
    {
        public HelloMessage.Hello Hello => hello;

        public TaskCompletionSource<Door> Door { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Means(IHelloParty party) => party.Purpose == hello.Purpose && party.Trial == hello.Trial;
    }
}
