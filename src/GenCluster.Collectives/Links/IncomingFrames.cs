using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Native;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Links;

/// <summary>The receiving half of a link: payloads are read straight into the reducer's chunk or to where the sum lands.</summary>
internal sealed unsafe class IncomingFrames(GangInvitation invitation, PeerTerms terms, Wire wire, SliceReducer reducer, GangCounters counters)
{
    private readonly GangPlan plan = invitation.Plan;
    private readonly byte[] header = new byte[FrameHeader.Size];
    private Collective collective;
    private FrameCursor frame;
    private int received;
    private uint checksum;

    public bool Done => frame.Done;

    /// <summary>A partial has its place only while its chunk is in hand: a peer that is ahead waits in its socket.</summary>
    public bool IsReady => !Done && (frame.Kind == FrameKind.Sum || (frame.Chunk == reducer.Reduced && !reducer.Done));

    /// <summary>Bytes of the frame in hand that are still to come.</summary>
    public int Due => FrameHeader.Size + (frame.Elements.Length * sizeof(float)) - received;

    /// <summary>The stamp of the last header.</summary>
    public long Stamp { get; private set; }

    public void Begin(in Collective collective)
    {
        this.collective = collective;
        frame = new FrameCursor(
            receivers: collective.SummedBy(invitation.Member, plan.Members),
            senders: collective.SentBy(terms.Peer, plan.Members),
            partials: plan.PartialsOf(terms.Peer).Length);
        received = 0;
        Stamp = 0;
    }

    /// <summary>Receives at most one frame. True if a byte moved.</summary>
    public bool Progress()
    {
        if (!IsReady)
        {
            return false;
        }

        var elements = frame.Elements;
        var place = frame.Kind == FrameKind.Partial ? reducer.Arrival(terms.Peer, frame.Partial) : reducer.Sum(elements);
        var length = elements.Length * sizeof(float);
        var before = received;
        while (received < FrameHeader.Size + length && TryReceive(place, length))
        {
        }

        var moved = received > before;
        if (received == FrameHeader.Size + length)
        {
            Finish(new ReadOnlySpan<byte>(place, length));
        }

        return moved;
    }

    private bool TryReceive(byte* place, int length)
    {
        var inHeader = Math.Min(received, FrameHeader.Size);
        var inPayload = received - inHeader;
        fixed (byte* head = header)
        {
            var count = wire.Receive(head + inHeader, FrameHeader.Size - inHeader, place + inPayload, length - inPayload);
            if (count < 0)
            {
                var how = count == Wire.Ended ? "closed its connection" : $"was lost ({Wire.Describe(count)})";
                throw Broken(GangBreak.PeerLost, $"member {terms.Peer} {how} in {collective}");
            }

            received += count;
            counters.CountReceived(count);
            if (inHeader < FrameHeader.Size && received >= FrameHeader.Size)
            {
                Check(length);
            }

            return count > 0;
        }
    }

    /// <summary>
    /// Compares every number of the header with the plan's. What came along with it has gone no further than a frame of the plan
    /// may, and if the header is bad the gang is dead and its slots hold rubbish anyway.
    /// </summary>
    private void Check(int length)
    {
        var got = ReadHeader();
        if (got.Place != collective.Place && got.Epoch == invitation.Epoch)
        {
            throw Broken(GangBreak.OutOfPlace, collective.Differs(terms.Peer, got.Place));
        }

        var node = frame.Kind == FrameKind.Partial ? plan.PartialsOf(terms.Peer)[frame.Partial].NumberIn(plan.Shards) : 1;
        var wanted = new FrameHeader(frame.Kind, invitation.Epoch, collective.Place, frame.Chunk, node, got.Ready, got.Checksum, length);
        if (got != wanted)
        {
            throw Broken(GangBreak.Protocol, $"member {terms.Peer} sent {got} where the plan has {wanted}");
        }

        checksum = got.Checksum;
        Stamp = got.Ready;
    }

    private FrameHeader ReadHeader()
    {
        try
        {
            return FrameHeader.Read(header);
        }
        catch (ProtocolException e)
        {
            throw new GangBrokenException(invitation.Member, terms.Peer, GangBreak.Protocol, $"member {terms.Peer} sent garbage: {e.Message}", e);
        }
    }

    private void Finish(ReadOnlySpan<byte> payload)
    {
        if (!terms.SameHost && Crc32C.Of(payload) != checksum)
        {
            throw Broken(GangBreak.Protocol, $"a frame of member {terms.Peer} was damaged on the way: its checksum does not match its {payload.Length} bytes");
        }

        if (frame.Kind == FrameKind.Partial)
        {
            reducer.NoteArrival();
        }

        frame.Next();
        received = 0;
    }

    private GangBrokenException Broken(GangBreak reason, string message) => new(invitation.Member, terms.Peer, reason, message);
}
