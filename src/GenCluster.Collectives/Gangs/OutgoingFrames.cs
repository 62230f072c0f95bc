using System.Net.Sockets;
using System.Runtime.InteropServices;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>The sending half of a link: payloads leave straight from the partials and the sum.</summary>
internal sealed class OutgoingFrames(PeerLink link, GangInvitation invitation, GangCounters counters)
{
    private readonly GangPlan plan = invitation.Plan;
    private readonly FixedBuffer header = new(2 * FrameHeader.Size); // the writer asks for more room than it uses
    private FrameStamp stamp;
    private FrameCursor frame;
    private int sent;

    public bool Done => frame.Done;

    public void Begin(FrameStamp stamp)
    {
        this.stamp = stamp;
        frame = new FrameCursor(
            receivers: plan.SliceOf(link.Peer, stamp.Phase),
            senders: plan.SliceOf(invitation.Member, stamp.Phase),
            partials: plan.PartialsOf(invitation.Member).Length);
        sent = 0;
    }

    /// <summary>Partials are there from the start, a sum when its chunk is finished.</summary>
    public bool IsReady(SliceReducer reducer) => !Done && (frame.Kind == FrameKind.Partial || frame.Chunk < reducer.Reduced);

    public bool Progress(SliceReducer reducer, ReadOnlySpan<float> sum)
    {
        if (!IsReady(reducer))
        {
            return false;
        }

        var payload = Payload(reducer, sum);
        if (sent == 0)
        {
            WriteHeader(payload);
        }

        var before = sent;
        while (sent < FrameHeader.Size + payload.Length && TrySend(payload))
        {
        }

        var moved = sent > before;
        if (sent == FrameHeader.Size + payload.Length)
        {
            frame.Next();
            sent = 0;
        }

        return moved;
    }

    private ReadOnlySpan<byte> Payload(SliceReducer reducer, ReadOnlySpan<float> sum)
    {
        var elements = frame.Elements;
        return MemoryMarshal.AsBytes(
            frame.Kind == FrameKind.Partial ? reducer.Own(frame.Partial, elements) : sum.Slice(elements.Start, elements.Length));
    }

    private void WriteHeader(ReadOnlySpan<byte> payload)
    {
        var node = frame.Kind == FrameKind.Partial ? plan.PartialsOf(invitation.Member)[frame.Partial].NumberIn(plan.Shards) : 1;
        header.Clear();
        new FrameHeader(frame.Kind, stamp.Epoch, stamp.Step, stamp.Phase, frame.Chunk, node, Crc32C.Of(payload), payload.Length).Write(header);
    }

    private bool TrySend(ReadOnlySpan<byte> payload)
    {
        var bytes = sent < FrameHeader.Size ? header.Written[sent..] : payload[(sent - FrameHeader.Size)..];
        var count = link.Socket.Send(bytes, SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock)
        {
            return false;
        }

        if (error is not SocketError.Success)
        {
            throw new GangBrokenException(
                invitation.Member, link.Peer, GangBreak.PeerLost, $"the connection to member {link.Peer} was lost while sending step {stamp.Step}: {error}");
        }

        sent += count;
        counters.CountSent(count);
        return true;
    }
}
