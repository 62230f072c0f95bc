using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Links;

/// <summary>
/// The way to one other member. Nothing in it blocks: each call moves what can be moved now, so that one thread serves all
/// peers in both directions and full buffers on both sides cannot lock each other.
/// </summary>
internal abstract class PeerLink(GangInvitation invitation, PeerTerms terms, Wire wire) : IDisposable
{
    public int Peer => Terms.Peer;

    public PeerTerms Terms { get; } = terms;

    public Wire Wire { get; } = wire;

    /// <summary>Whether everything of the collective has gone out and come in.</summary>
    public abstract bool Done { get; }

    /// <summary>Whether all that this member owes the peer before any sum is on its way.</summary>
    public abstract bool PartialsSent { get; }

    public abstract bool WantsToReceive { get; }

    public abstract bool WantsToSend { get; }

    /// <summary>When the peer's vector was complete, by this host's clock; 0 while that is not known.</summary>
    public long ReadyAt { get; private set; }

    /// <summary>When that became known here.</summary>
    public long HeardAt { get; private set; }

    protected GangInvitation Invitation { get; } = invitation;

    protected Collective Collective { get; private set; }

    public virtual void Begin(in Collective collective)
    {
        Collective = collective;
        ReadyAt = 0;
        HeardAt = 0;
    }

    /// <summary>Moves a little in each direction, so that no peer starves another. True if anything moved.</summary>
    public abstract bool Progress();

    /// <summary>Tells a peer that may sleep that something changed in this member's memory.</summary>
    public virtual void Ring()
    {
    }

    /// <summary>This member is about to sleep.</summary>
    public virtual void Rest()
    {
    }

    /// <summary>Something came over the connection or it ended, while this member slept.</summary>
    public virtual void Woken()
    {
    }

    public virtual void Dispose() => Wire.Dispose();

    /// <summary>Notes the peer's stamp. It cannot have been ready after that was heard of here: if so, the clocks were read badly.</summary>
    protected void NoteReady(long stamp)
    {
        if (HeardAt == 0)
        {
            HeardAt = Clock.Now;
            ReadyAt = Math.Clamp(stamp - Terms.ClockOffset, 1, HeardAt);
        }
    }

    protected GangBrokenException Broken(GangBreak reason, string message) => new(Invitation.Member, Peer, reason, message);
}
