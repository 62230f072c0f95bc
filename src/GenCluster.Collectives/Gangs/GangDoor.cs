using System.Net.Sockets;

namespace GenCluster.Collectives.Gangs;

/// <summary>Where a gang member lets in the members that dial it. Open from the start of the join to the gang's end.</summary>
internal sealed class GangDoor : IDisposable
{
    private readonly Dictionary<int, TaskCompletionSource<Socket>> seats = [];
    private readonly Action<GangDoor> closed;
    private readonly Lock gate = new();
    private bool open = true;

    public GangDoor(GangInvitation invitation, Action<GangDoor> closed)
    {
        Invitation = invitation;
        this.closed = closed;
        for (var member = invitation.Member + 1; member < invitation.Plan.Members; member++)
        {
            seats[member] = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public GangInvitation Invitation { get; }

    /// <summary>The connection of a higher member, once it is proven.</summary>
    public Task<Socket> ArrivalOf(int member) => seats[member].Task;

    public bool Awaits(int member)
    {
        lock (gate)
        {
            return open && !seats[member].Task.IsCompleted;
        }
    }

    /// <summary>Hands the connection over; false if the seat is taken or the door closed, then it stays the caller's.</summary>
    public bool TryAdmit(int member, Socket socket)
    {
        lock (gate)
        {
            return open && seats[member].TrySetResult(socket);
        }
    }

    /// <summary>Lets nobody in any more. Connections that came in are not touched.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            open = false;
            foreach (var seat in seats.Values)
            {
                seat.TrySetCanceled();
            }
        }

        closed(this);
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
