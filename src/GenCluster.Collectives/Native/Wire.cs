using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Native;

/// <summary>
/// A connected stream whose calls never block: each moves what can be moved now, from and to native memory. What was given to
/// <see cref="Send(byte*, int, byte*, int)"/> and not taken must be given again.
/// </summary>
internal abstract unsafe class Wire(Socket socket) : IDisposable
{
    /// <summary>The other side has ended the connection.</summary>
    public const int Ended = int.MinValue;

    /// <summary>To sleep on.</summary>
    public int File { get; } = (int)socket.Handle;

    public bool IsUnix => socket.AddressFamily == AddressFamily.Unix;

    protected Socket Socket => socket;

    /// <summary>Sends what it can of the two parts; gives the bytes, 0 if none can go now, or an error's negative number.</summary>
    public abstract int Send(byte* head, int headLength, byte* body, int bodyLength);

    /// <summary>Receives what is there into the two parts; gives the bytes, 0 if none is there now, <see cref="Ended"/>, or an error's negative number.</summary>
    public abstract int Receive(byte* head, int headLength, byte* body, int bodyLength);

    /// <summary>Wakes a sleeper only when that many bytes are there, all of which must be on their way for sure.</summary>
    public abstract void WakeAt(int bytes);

    /// <summary>Sends what can go now; gives the bytes or an error's negative number.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Send(null, 0, start, bytes.Length);
        }
    }

    /// <summary>Receives what is there now; gives the bytes, <see cref="Ended"/>, or an error's negative number.</summary>
    public int Receive(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Receive(null, 0, start, bytes.Length);
        }
    }

    /// <summary>Ends the connection from any thread: the peer sees its end, and whoever waits for this socket wakes.</summary>
    public void Shutdown()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }

    /// <summary>Only while no other thread is in a call.</summary>
    public virtual void Dispose() => socket.Dispose();

    /// <summary>An error's number in words.</summary>
    public static string Describe(int outcome) => outcome == Ended ? "it ended the connection" : Marshal.GetPInvokeErrorMessage(-outcome);
}
