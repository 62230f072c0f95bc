using System.Runtime.InteropServices;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Native;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Links;

/// <summary>The sending half of a link: payloads leave straight from the partials and the sum.</summary>
internal sealed unsafe class OutgoingFrames(GangInvitation invitation, PeerTerms terms, Wire wire, SliceReducer reducer, GangCounters counters)
{
    private readonly GangPlan plan = invitation.Plan;
    private readonly FixedBuffer header = new(2 * FrameHeader.Size); // the writer asks for more room than it uses
    private Collective collective;
    private FrameCursor frame;
    private int sent;

    public bool Done => frame.Done;

    public bool PartialsSent => frame.PartialsDone;

    /// <summary>Partials are there from the start, a sum when its chunk is finished.</summary>
    public bool IsReady => !Done && (frame.Kind == FrameKind.Partial || frame.Chunk < reducer.Reduced);

    public void Begin(in Collective collective)
    {
        this.collective = collective;
        frame = new FrameCursor(
            receivers: collective.SummedBy(terms.Peer, plan.Members),
            senders: collective.SentBy(invitation.Member, plan.Members),
            partials: plan.PartialsOf(invitation.Member).Length);
        sent = 0;
    }

    /// <summary>Sends at most one frame. True if a byte moved.</summary>
    public bool Progress()
    {
        if (!IsReady)
        {
            return false;
        }

        var elements = frame.Elements;
        var payload = frame.Kind == FrameKind.Partial ? reducer.Own(frame.Partial, elements) : reducer.Sum(elements);
        var length = elements.Length * sizeof(float);
        if (sent == 0)
        {
            WriteHeader(new ReadOnlySpan<byte>(payload, length));
        }

        var before = sent;
        while (sent < FrameHeader.Size + length && TrySend(payload, length))
        {
        }

        var moved = sent > before;
        if (sent == FrameHeader.Size + length)
        {
            frame.Next();
            sent = 0;
        }

        return moved;
    }

    private void WriteHeader(ReadOnlySpan<byte> payload)
    {
        var node = frame.Kind == FrameKind.Partial ? plan.PartialsOf(invitation.Member)[frame.Partial].NumberIn(plan.Shards) : 1;
        var checksum = terms.SameHost ? 0 : Crc32C.Of(payload);
        header.Clear();
        new FrameHeader(frame.Kind, invitation.Epoch, collective.Place, frame.Chunk, node, collective.ReadyAt, checksum, payload.Length).Write(header);
    }

    private bool TrySend(byte* payload, int length)
    {
        var inHeader = Math.Min(sent, FrameHeader.Size);
        var inPayload = sent - inHeader;
        fixed (byte* head = &MemoryMarshal.GetReference(header.Written))
        {
            var count = wire.Send(head + inHeader, FrameHeader.Size - inHeader, payload + inPayload, length - inPayload);
            if (count < 0)
            {
                throw new GangBrokenException(
                    invitation.Member, terms.Peer, GangBreak.PeerLost, $"the connection to member {terms.Peer} was lost while sending {collective}: {Wire.Describe(count)}");
            }

            sent += count;
            counters.CountSent(count);
            return count > 0;
        }
    }
}
