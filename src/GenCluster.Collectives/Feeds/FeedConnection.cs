using System.Net;
using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Listening;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Feeds;

/// <summary>
/// One end of a feed: messages of a kind, a position and a payload, over a connection of its own, with a checksum each. Calls
/// block up to the deadline. One thread may write while another reads; <see cref="Dispose"/> from a third ends both.
/// </summary>
public sealed class FeedConnection : IDisposable
{
    private const int LongestStep = 256 * 1024; // summed up while it is still in the second-level cache

    private readonly Wire wire;
    private readonly WireSet readable;
    private readonly WireSet writable;
    private readonly long deadline;
    private readonly FixedBuffer outgoing = new(2 * FeedHeader.Size); // the writer asks for more room than it uses
    private readonly byte[] incoming = new byte[FeedHeader.Size];
    private readonly Lock reading = new();
    private readonly Lock writing = new();
    private FeedHeader announced; // whose payload is to be read
    private bool payloadDue;
    private bool disposed;

    internal FeedConnection(Wire wire, GangOptions options)
    {
        this.wire = wire;
        readable = new WireSet([wire]);
        writable = new WireSet([wire]);
        readable.Want(0, toReceive: true, toSend: false);
        writable.Want(0, toReceive: false, toSend: true);
        deadline = Clock.Of(options.Deadline);
    }

    /// <summary>Connects to where the state is offered; the offer may come later than this call.</summary>
    /// <exception cref="FeedBrokenException">It was refused for good, or not offered within <see cref="GangOptions.JoinDeadline"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FeedConnection Dial(FeedInvitation invitation, IPEndPoint endPoint, GangOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= GangOptions.Default;
        invitation.Check();
        return Task.Run(() => DialAsync(invitation, endPoint, options, cancellation), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Sends one message.</summary>
    /// <exception cref="FeedBrokenException">The feed is over.</exception>
    public unsafe void Write(byte kind, long position, ReadOnlySpan<byte> payload)
    {
        lock (writing)
        {
            outgoing.Clear();
            new FeedHeader(kind, position, payload.Length) { Checksum = Crc32C.Of(payload) }.Write(outgoing);
            fixed (byte* head = outgoing.Written, body = payload)
            {
                for (long sent = 0, idleSince = Clock.Now; sent < FeedHeader.Size + payload.Length;)
                {
                    var inHeader = (int)Math.Min(sent, FeedHeader.Size);
                    var inPayload = (int)(sent - inHeader);
                    ThrowIfDisposed();
                    var count = wire.Send(head + inHeader, FeedHeader.Size - inHeader, body + inPayload, payload.Length - inPayload);
                    sent += Moved(count, writable, ref idleSince);
                }
            }
        }
    }

    /// <summary>Waits for the next message. Its payload must be read before the next call.</summary>
    /// <exception cref="FeedBrokenException">The feed is over, <see cref="FeedBreak.Closed"/> if the other end has finished.</exception>
    public unsafe FeedHeader Read()
    {
        lock (reading)
        {
            if (payloadDue)
            {
                throw new InvalidOperationException($"the payload of {announced.Length} bytes has not been read; call ReadPayload before the next Read");
            }

            fixed (byte* head = incoming)
            {
                Receive(head, FeedHeader.Size);
            }

            announced = ParseHeader();
            payloadDue = announced.Length > 0;
            if (!payloadDue)
            {
                CompareChecksum(0);
            }

            return announced;
        }
    }

    /// <summary>Reads the payload of the message in hand.</summary>
    /// <param name="exactly">Room of the length that is right.</param>
    /// <exception cref="FeedBrokenException">The feed is over; <see cref="FeedBreak.Protocol"/> if the other end announced another length or the bytes were damaged.</exception>
    public unsafe void ReadPayload(Span<byte> exactly)
    {
        lock (reading)
        {
            if (exactly.Length != announced.Length)
            {
                throw new FeedBrokenException(
                    FeedBreak.Protocol, $"the other end announced {announced.Length} bytes for message {announced.Kind} at position {announced.Position}, where {exactly.Length} are right");
            }

            var checksum = 0u;
            fixed (byte* body = exactly)
            {
                for (var done = 0; done < exactly.Length;)
                {
                    var step = Math.Min(LongestStep, exactly.Length - done);
                    Receive(body + done, step);
                    checksum = Crc32C.Append(checksum, exactly.Slice(done, step));
                    done += step;
                }
            }

            payloadDue = false;
            CompareChecksum(checksum);
        }
    }

    /// <summary>Ends the feed from any thread: calls in progress throw, and the other end gets what was written and then the end.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, true))
        {
            return;
        }

        wire.Shutdown();
        lock (reading)
        {
            lock (writing)
            {
                wire.Dispose();
                readable.Dispose();
                writable.Dispose();
            }
        }
    }

    private static async Task<FeedConnection> DialAsync(FeedInvitation invitation, IPEndPoint endPoint, GangOptions options, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.JoinDeadline);
        var party = new FeedParty(invitation);
        try
        {
            return new FeedConnection((await Dialer.DialAsync(party, party.Claims, endPoint, options, limit.Token)).Wire, options);
        }
        catch (ProtocolException e)
        {
            throw new FeedBrokenException(FeedBreak.Refused, $"feed of trial '{invitation.Trial}', epoch {invitation.Epoch}, from {endPoint}: {e.Message}", e) { Refusal = e.Refusal };
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new FeedBrokenException(
                FeedBreak.Deadline, $"feed of trial '{invitation.Trial}', epoch {invitation.Epoch}: not offered at {endPoint} within {options.JoinDeadline.TotalSeconds:0.###} s", e);
        }
    }

    private unsafe void Receive(byte* into, int length)
    {
        var idleSince = Clock.Now;
        for (var received = 0; received < length;)
        {
            ThrowIfDisposed();
            received += Moved(wire.Receive(null, 0, into + received, length - received), readable, ref idleSince);
        }
    }

    /// <summary>What a call moved, after waiting if it was nothing.</summary>
    private int Moved(int count, WireSet wait, ref long idleSince)
    {
        if (count > 0)
        {
            idleSince = Clock.Now;
        }
        else if (count < 0)
        {
            ThrowIfDisposed();
            throw new FeedBrokenException(FeedBreak.Closed, count == Wire.Ended ? "the other end closed the feed" : $"the feed was lost: {Wire.Describe(count)}");
        }
        else if (Clock.Now - idleSince is var idle && idle < deadline)
        {
            wait.Wait(deadline - idle);
        }
        else
        {
            throw new FeedBrokenException(FeedBreak.Deadline, $"no byte of the feed moved for {deadline / 1e9:0.###} s");
        }

        return count;
    }

    private FeedHeader ParseHeader()
    {
        try
        {
            return FeedHeader.Read(incoming);
        }
        catch (ProtocolException e)
        {
            throw new FeedBrokenException(FeedBreak.Protocol, e.Message, e);
        }
    }

    private void CompareChecksum(uint got)
    {
        if (got != announced.Checksum)
        {
            throw new FeedBrokenException(
                FeedBreak.Protocol, $"message {announced.Kind} at position {announced.Position} was damaged on the way: its checksum does not match its {announced.Length} bytes");
        }
    }

    private void ThrowIfDisposed()
    {
        if (Volatile.Read(ref disposed))
        {
            throw new FeedBrokenException(FeedBreak.Aborted, "the feed was ended by this process");
        }
    }
}
