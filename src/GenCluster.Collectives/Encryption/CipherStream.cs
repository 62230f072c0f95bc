using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Encryption;

/// <summary>
/// What TLS reads from and writes to: a socket that never blocks and nobody waits for. A read that finds nothing stays open until
/// <see cref="TryFeed"/> brings bytes, and goes on inside that call, on its thread. What the kernel does not take is kept for
/// <see cref="Flush(out bool)"/>. Nothing is allocated for a read or a write.
/// </summary>
internal sealed unsafe class CipherStream(Socket socket) : Stream, IValueTaskSource<int>
{
    private readonly int file = (int)socket.Handle;
    private readonly Lock writing = new(); // TLS answers some of what it reads, while another thread may write
    private ManualResetValueTaskSourceCore<int> read;
    private Memory<byte> awaited;
    private byte[] unsent = new byte[80 * 1024]; // a piece of a TlsWire, encrypted
    private int unsentStart;
    private int unsentEnd;

    /// <summary>The error that ended sending, as a negative number; 0 while there is none. What has come can still be read.</summary>
    public int SendFault { get; private set; }

    /// <summary>The error that ended receiving, as a negative number; 0 while there is none.</summary>
    public int ReceiveFault { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return new(0); // TLS asks so whether bytes have come; the read that follows finds out as well
        }

        if (TryReceive(buffer.Span) is { } count)
        {
            return count >= 0 ? new(count) : ValueTask.FromException<int>(Lost());
        }

        read.Reset();
        awaited = buffer;
        return new(this, read.Version);
    }

    /// <summary>Brings an open read what has come, if anything has; false if nothing has.</summary>
    public bool TryFeed()
    {
        if (awaited.IsEmpty || TryReceive(awaited.Span) is not { } count)
        {
            return false;
        }

        awaited = default;
        if (count >= 0)
        {
            read.SetResult(count);
        }
        else
        {
            read.SetException(Lost());
        }

        return true;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (writing)
        {
            MakeRoom(buffer.Length);
            buffer.Span.CopyTo(unsent.AsSpan(unsentEnd));
            unsentEnd += buffer.Length;
        }

        return default;
    }

    /// <summary>Sends what is kept; true when nothing is any more.</summary>
    public bool Flush(out bool moved)
    {
        moved = false;
        lock (writing)
        {
            while (unsentStart < unsentEnd && SendFault == 0)
            {
                fixed (byte* start = &unsent[unsentStart])
                {
                    var count = RawSocket.Send(file, null, 0, start, unsentEnd - unsentStart);
                    if (count <= 0)
                    {
                        SendFault = Math.Min(SendFault, count);
                        break;
                    }

                    unsentStart += count;
                    moved = true;
                }
            }

            return unsentStart == unsentEnd;
        }
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        read.OnCompleted(continuation, state, token, flags);

    /// <summary>The bytes, 0 at the end of the connection, an error's negative number, or null when there are none now.</summary>
    private int? TryReceive(Span<byte> into)
    {
        fixed (byte* start = into)
        {
            var count = RawSocket.Receive(file, null, 0, start, into.Length);
            if (count == 0)
            {
                return null;
            }

            if (count < 0 && count != Wire.Ended)
            {
                ReceiveFault = count;
            }

            return count == Wire.Ended ? 0 : count;
        }
    }

    private IOException Lost() => new(Wire.Describe(ReceiveFault));

    private void MakeRoom(int length)
    {
        if (unsentStart == unsentEnd)
        {
            unsentStart = unsentEnd = 0;
        }

        if (unsentEnd + length > unsent.Length)
        {
            Array.Resize(ref unsent, unsentEnd + length);
        }
    }
}
