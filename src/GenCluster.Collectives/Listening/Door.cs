using GenCluster.Collectives.Hellos;
using GenCluster.Collectives.Links;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Listening;

/// <summary>A proven connection and what was agreed on it.</summary>
internal sealed record Arrival(Wire Wire, PeerTerms Terms) : IDisposable
{
    public void Dispose()
    {
        Wire.Dispose();
        Terms.Memory?.Dispose();
    }
}

/// <summary>Where this worker lets in connections of one trial and epoch for one purpose.</summary>
internal abstract class Door(IHelloParty party) : IDisposable
{
    public IHelloParty Party => party;

    /// <summary>Called once when it is closed; set by who opens it.</summary>
    public Action<Door>? Closed { get; set; }

    /// <summary>Whether the dialer would be let in now.</summary>
    public abstract bool Awaits(HelloMessage.Hello hello);

    /// <summary>Hands the connection over; false if nobody awaits it any more, then it stays the caller's.</summary>
    public abstract bool TryAdmit(HelloMessage.Hello hello, Arrival arrival);

    /// <summary>Lets nobody in any more. Connections that came in are not touched.</summary>
    public virtual void Dispose() => Closed?.Invoke(this);
}
