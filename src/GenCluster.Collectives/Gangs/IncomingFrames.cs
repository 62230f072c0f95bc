using System.Net.Sockets;
using System.Runtime.InteropServices;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>The receiving half of a link: payloads are read straight into the reducer's chunk or into the sum.</summary>
internal sealed class IncomingFrames(PeerLink link, GangInvitation invitation, GangCounters counters)
{
    private readonly GangPlan plan = invitation.Plan;
    private readonly byte[] header = new byte[FrameHeader.Size];
    private FrameStamp stamp;
    private FrameCursor frame;
    private int received;
    private uint checksum;

    public bool Done => frame.Done;

    public void Begin(FrameStamp stamp)
    {
        this.stamp = stamp;
        frame = new FrameCursor(
            receivers: plan.SliceOf(invitation.Member, stamp.Phase),
            senders: plan.SliceOf(link.Peer, stamp.Phase),
            partials: plan.PartialsOf(link.Peer).Length);
        received = 0;
    }

    /// <summary>A partial has its place only while its chunk is in hand: a peer that is ahead waits in its socket.</summary>
    public bool IsReady(SliceReducer reducer) => !Done && (frame.Kind == FrameKind.Sum || frame.Chunk == reducer.Reduced);

    public bool Progress(SliceReducer reducer, Span<float> sum)
    {
        if (!IsReady(reducer))
        {
            return false;
        }

        var before = received;
        var payload = Place(reducer, sum);
        while (received < FrameHeader.Size + payload.Length && TryReceive(payload))
        {
        }

        var moved = received > before;
        if (received == FrameHeader.Size + payload.Length)
        {
            Finish(reducer, payload);
        }

        return moved;
    }

    private Span<byte> Place(SliceReducer reducer, Span<float> sum)
    {
        var elements = frame.Elements;
        return MemoryMarshal.AsBytes(
            frame.Kind == FrameKind.Partial ? reducer.Arrival(link.Peer, frame.Partial, elements.Length) : sum.Slice(elements.Start, elements.Length));
    }

    private bool TryReceive(Span<byte> payload)
    {
        var bytes = received < FrameHeader.Size ? header.AsSpan(received) : payload[(received - FrameHeader.Size)..];
        var count = link.Socket.Receive(bytes, SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock)
        {
            return false;
        }

        if (error is not SocketError.Success || count == 0)
        {
            var how = error is SocketError.Success ? "closed its connection" : $"was lost ({error})";
            throw Broken(GangBreak.PeerLost, $"member {link.Peer} {how} in step {stamp.Step}, phase {stamp.Phase}");
        }

        received += count;
        counters.CountReceived(count);
        if (received == FrameHeader.Size)
        {
            Check(payload.Length);
        }

        return true;
    }

    /// <summary>Compares every number of the header with the plan's before a byte of the payload is read.</summary>
    private void Check(int length)
    {
        var got = ReadHeader();
        if ((got.Step, got.Phase) != (stamp.Step, stamp.Phase) && got.Epoch == stamp.Epoch)
        {
            throw Broken(
                GangBreak.StepMismatch,
                $"member {link.Peer} is at step {got.Step}, phase {got.Phase}, this one at step {stamp.Step}, phase {stamp.Phase}; all members must reduce the same steps in the same order");
        }

        var node = frame.Kind == FrameKind.Partial ? plan.PartialsOf(link.Peer)[frame.Partial].NumberIn(plan.Shards) : 1;
        var wanted = new FrameHeader(frame.Kind, stamp.Epoch, stamp.Step, stamp.Phase, frame.Chunk, node, got.Checksum, length);
        if (got != wanted)
        {
            throw Broken(GangBreak.Protocol, $"member {link.Peer} sent {got} where the plan has {wanted}");
        }

        checksum = got.Checksum;
    }

    private FrameHeader ReadHeader()
    {
        try
        {
            return FrameHeader.Read(header);
        }
        catch (ProtocolException e)
        {
            throw new GangBrokenException(invitation.Member, link.Peer, GangBreak.Protocol, $"member {link.Peer} sent garbage: {e.Message}", e);
        }
    }

    private void Finish(SliceReducer reducer, ReadOnlySpan<byte> payload)
    {
        if (Crc32C.Of(payload) != checksum)
        {
            throw Broken(GangBreak.Protocol, $"a frame of member {link.Peer} was damaged on the way: its checksum does not match its {payload.Length} bytes");
        }

        if (frame.Kind == FrameKind.Partial)
        {
            reducer.NoteArrival();
        }

        frame.Next();
        received = 0;
    }

    private GangBrokenException Broken(GangBreak reason, string message) => new(invitation.Member, link.Peer, reason, message);
}
