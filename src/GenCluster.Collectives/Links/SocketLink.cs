using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Native;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Links;

/// <summary>A link over a connection: frames flow in both directions at once.</summary>
internal sealed class SocketLink : PeerLink
{
    private readonly OutgoingFrames outgoing;
    private readonly IncomingFrames incoming;

    public SocketLink(GangInvitation invitation, PeerTerms terms, Wire wire, SliceReducer reducer, GangCounters counters)
        : base(invitation, terms, wire)
    {
        outgoing = new OutgoingFrames(invitation, terms, wire, reducer, counters);
        incoming = new IncomingFrames(invitation, terms, wire, reducer, counters);
    }

    public override bool Done => outgoing.Done && incoming.Done;

    public override bool PartialsSent => outgoing.PartialsSent;

    public override bool WantsToReceive => incoming.IsReady;

    public override bool WantsToSend => outgoing.IsReady;

    public override void Begin(in Collective collective)
    {
        base.Begin(collective);
        outgoing.Begin(collective);
        incoming.Begin(collective);
    }

    public override bool Progress()
    {
        var sent = outgoing.Progress();
        var received = incoming.Progress();
        if (incoming.Stamp != 0)
        {
            NoteReady(incoming.Stamp);
        }

        return sent || received;
    }

    public override void Rest()
    {
        // A frame is sent as a whole whatever this member does, so its rest will come.
        if (incoming.IsReady)
        {
            Wire.WakeAt(incoming.Due);
        }
    }
}
