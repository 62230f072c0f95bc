using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Native;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Links;

/// <summary>
/// A link between members of one host that have mapped each other's memory. Nothing is sent: each reads the other's partials
/// where they lie and writes its sums there. An all-reduce is two barriers: before it, all vectors are complete; after it, all slices are
/// summed. The connection carries a byte to wake a peer that sleeps, and its end tells that the peer is gone.
/// </summary>
internal sealed unsafe class MemoryLink(GangInvitation invitation, PeerTerms terms, Wire wire, SliceReducer reducer)
    : PeerLink(invitation, terms, wire)
{
    private readonly ControlBlock* theirs = terms.Memory!.Control;
    private bool complete; // the peer's vector
    private bool summed; // the peer's slice
    private bool closed;

    public override bool Done => summed;

    public override bool PartialsSent => true;

    public override bool WantsToReceive => !closed && !summed;

    public override bool WantsToSend => false;

    public override void Begin(in Collective collective)
    {
        base.Begin(collective);
        complete = false;
        summed = false;
    }

    public override bool Progress()
    {
        var gone = closed; // read first: what a peer wrote before it left counts
        var moved = false;
        if (!complete && Volatile.Read(ref theirs->Ready) >= Collective.Number)
        {
            Compare(theirs->Place);
            NoteReady(theirs->ReadyAt);
            reducer.NoteReachable();
            complete = moved = true;
        }

        if (complete && !summed && Volatile.Read(ref theirs->Done) >= Collective.Number)
        {
            summed = moved = true;
        }

        return !gone || summed ? moved : throw Broken(GangBreak.PeerLost, $"member {Peer} closed its connection in {Collective}");
    }

    public override void Ring()
    {
        if (!closed && Volatile.Read(ref theirs->Sleeping) != 0)
        {
            byte bell = 1;

            // If the connection is full of bells, it is awake; if it has ended, the next look at the peer tells.
            _ = Wire.Send(null, 0, &bell, 1);
        }
    }

    public override void Woken()
    {
        var bells = stackalloc byte[64];
        var count = Wire.Receive(null, 0, bells, 64);
        closed |= count < 0;
    }

    public override void Dispose()
    {
        base.Dispose();
        Terms.Memory!.Dispose();
    }

    private void Compare(CollectivePlace place)
    {
        if (place != Collective.Place)
        {
            throw Broken(GangBreak.OutOfPlace, Collective.Differs(Peer, place));
        }
    }
}
