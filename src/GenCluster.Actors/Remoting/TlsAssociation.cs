using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace GenCluster.Actors.Remoting;

/// <summary>One connection of <see cref="TlsTransport"/>: frames out of a bounded queue, frames in to whoever listens.</summary>
internal sealed class TlsAssociation : AssociationHandle, IDisposable
{
    private const int LengthBytes = 4;
    private const int QueuedFrames = 1_000; // a full queue makes Akka wait and try again
    private const int BatchBytes = 64 * 1024;

    private readonly Socket socket;
    private readonly SslStream tls;
    private readonly int longestFrame;
    private readonly TimeSpan flushTime;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<ByteString> frames = Channel.CreateBounded<ByteString>(new BoundedChannelOptions(QueuedFrames) { SingleReader = true });

    public TlsAssociation(Address own, Address remote, Socket socket, SslStream tls, int longestFrame, TimeSpan flushTime)
        : base(own, remote)
    {
        this.socket = socket;
        this.tls = tls;
        this.longestFrame = longestFrame;
        this.flushTime = flushTime;
    }

    /// <summary>Ends when both directions have.</summary>
    public Task Ended => ended.Task;

    public void Begin() => _ = RunAsync();

    public override bool Write(ByteString payload) => frames.Writer.TryWrite(payload);

    [Obsolete("Akka asks for it")]
    public override void Disassociate() => End();

    /// <summary>Sends what is queued, and then the end of the connection. The peer has some time to see it.</summary>
    public void End()
    {
        frames.Writer.TryComplete();
        stop.CancelAfter(flushTime);
    }

    public void Dispose()
    {
        frames.Writer.TryComplete();
        stop.Cancel();
        socket.Dispose();
    }

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private async Task RunAsync()
    {
        using var cut = stop.Token.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket); // a frozen peer takes nothing, and no write to it ends by itself
        var writing = WriteAllAsync();
        await ReadAllAsync().ConfigureAwait(false);
        End();
        await writing.ConfigureAwait(false);
        await tls.DisposeAsync().ConfigureAwait(false);
        Dispose();
        ended.TrySetResult();
    }

    private async Task WriteAllAsync()
    {
        byte[] batch = new byte[BatchBytes];
        try
        {
            while (await frames.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                int length = Fill(ref batch);
                await tls.WriteAsync(batch.AsMemory(0, length)).ConfigureAwait(false);
            }

            await tls.ShutdownAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            stop.CancelAfter(flushTime); // from now
        }
        catch (Exception e) when (IsEnd(e))
        {
            stop.Cancel();
        }
    }

    /// <summary>Takes what is queued now, as far as it fits, but one frame at least.</summary>
    private int Fill(ref byte[] batch)
    {
        int length = 0;
        while (frames.Reader.TryPeek(out var frame))
        {
            if (length > 0 && length + LengthBytes + frame.Length > batch.Length)
                break;
            if (LengthBytes + frame.Length > batch.Length)
                batch = new byte[LengthBytes + frame.Length];
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(length), frame.Length);
            frame.Span.CopyTo(batch.AsSpan(length + LengthBytes));
            length += LengthBytes + frame.Length;
            frames.Reader.TryRead(out _);
        }

        return length;
    }

    private async Task ReadAllAsync()
    {
        IHandleEventListener? listener = null;
        try
        {
            listener = await ReadHandlerSource.Task.WaitAsync(stop.Token).ConfigureAwait(false);
            while (await ReadFrameAsync().ConfigureAwait(false) is { } frame)
                listener.Notify(new InboundPayload(frame));
        }
        catch (Exception e) when (IsEnd(e) || e is InvalidDataException)
        {
            // Its end is told below, whatever it was.
        }

        listener?.Notify(new Disassociated(DisassociateInfo.Unknown));
    }

    /// <summary>Null at the end of the connection. A length buys no memory that a frame may not have.</summary>
    private async Task<ByteString?> ReadFrameAsync()
    {
        byte[] header = new byte[LengthBytes];
        if (await tls.ReadAtLeastAsync(header, LengthBytes, throwOnEndOfStream: false, stop.Token).ConfigureAwait(false) < LengthBytes)
            return null;
        int length = BinaryPrimitives.ReadInt32BigEndian(header);
        if (length < 0 || length > longestFrame)
            throw new InvalidDataException($"a frame of {length} bytes; at most {longestFrame} are allowed");
        byte[] payload = new byte[length];
        await tls.ReadExactlyAsync(payload, stop.Token).ConfigureAwait(false);
        return UnsafeByteOperations.UnsafeWrap(payload);
    }

    private static bool IsEnd(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
