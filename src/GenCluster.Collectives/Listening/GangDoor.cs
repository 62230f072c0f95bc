using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Hellos;

namespace GenCluster.Collectives.Listening;

/// <summary>Where a gang member lets in the members that dial it. Open from the start of the join to the gang's end.</summary>
internal sealed class GangDoor : Door
{
    private readonly Dictionary<int, TaskCompletionSource<Arrival>> seats = [];
    private readonly Lock gate = new();
    private bool open = true;

    public GangDoor(GangParty party)
        : base(party)
    {
        for (var member = party.Invitation.Member + 1; member < party.Invitation.Plan.Members; member++)
        {
            seats[member] = new TaskCompletionSource<Arrival>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The connection of a higher member, once it is proven.</summary>
    public Task<Arrival> ArrivalOf(int member) => seats[member].Task;

    public override bool Awaits(HelloMessage.Hello hello)
    {
        lock (gate)
        {
            return open && !seats[hello.From].Task.IsCompleted;
        }
    }

    public override bool TryAdmit(HelloMessage.Hello hello, Arrival arrival)
    {
        lock (gate)
        {
            return open && seats[hello.From].TrySetResult(arrival);
        }
    }

    public override void Dispose()
    {
        lock (gate)
        {
            open = false;
            foreach (var seat in seats.Values)
            {
                seat.TrySetCanceled();
            }
        }

        base.Dispose();
    }

    /// <summary>Lets nobody in any more and closes the connections that came in: the gang did not come about.</summary>
    public async Task AbandonAsync()
    {
        Dispose();
        foreach (var seat in seats.Values.Where(seat => seat.Task.IsCompletedSuccessfully))
        {
            (await seat.Task).Dispose();
        }
    }
}
