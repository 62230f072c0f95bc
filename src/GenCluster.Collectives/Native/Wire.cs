using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Native;

/// <summary>
/// A connected stream socket whose calls never block: each moves what the kernel takes or gives now, a header and its payload
/// in one system call, straight from and to native memory. Nothing here or before it, in the hello, uses the base library's
/// asynchronous calls: a socket that was used so once stays in that library's watch, which then wakes threads for every piece that comes.
/// </summary>
internal sealed unsafe class Wire : IDisposable
{
    /// <summary>The other side has ended the connection.</summary>
    public const int Ended = int.MinValue;

    private const int DontWait = 0x40; // MSG_DONTWAIT
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReceiveLowMark = 18; // SO_RCVLOWAT
    private const int MostToWakeAt = 128 * 1024;

    private readonly Socket socket;
    private int wakesAt = 1;

    public Wire(Socket socket)
    {
        this.socket = socket;
        File = (int)socket.Handle;
    }

    public int File { get; }

    /// <summary>Sends what can go now; gives the bytes or an error's negative number.</summary>
    public static int SendNow(Socket socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Send((int)socket.Handle, null, 0, start, bytes.Length);
        }
    }

    /// <summary>Receives what is there now; gives the bytes, <see cref="Ended"/>, or an error's negative number.</summary>
    public static int ReceiveNow(Socket socket, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Receive((int)socket.Handle, null, 0, start, bytes.Length);
        }
    }

    /// <summary>Sends what it can of the two parts; gives the bytes, 0 if none can go now, or an error's negative number.</summary>
    public int Send(byte* head, int headLength, byte* body, int bodyLength) => Send(File, head, headLength, body, bodyLength);

    /// <summary>Receives what is there into the two parts; gives the bytes, 0 if none is there now, <see cref="Ended"/>, or an error's negative number.</summary>
    public int Receive(byte* head, int headLength, byte* body, int bodyLength) => Receive(File, head, headLength, body, bodyLength);

    /// <summary>Wakes a sleeper only when that many bytes are there, all of which must be on their way for sure.</summary>
    public void WakeAt(int bytes)
    {
        bytes = Math.Clamp(bytes, 1, MostToWakeAt);
        if (bytes != wakesAt)
        {
            // If it fails, the sleeper only wakes more often.
            wakesAt = bytes;
            _ = Libc.SetOption(File, SocketLevel, ReceiveLowMark, &bytes, sizeof(int));
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
    public void Dispose() => socket.Dispose();

    /// <summary>An error's number in words.</summary>
    public static string Describe(int outcome) => outcome == Ended ? "it ended the connection" : Marshal.GetPInvokeErrorMessage(-outcome);

    private static int Send(int file, byte* head, int headLength, byte* body, int bodyLength)
    {
        var parts = stackalloc Libc.Part[2];
        var message = Of(parts, head, headLength, body, bodyLength);
        return Outcome(Libc.Send(file, &message, DontWait | NoSignal));
    }

    private static int Receive(int file, byte* head, int headLength, byte* body, int bodyLength)
    {
        var parts = stackalloc Libc.Part[2];
        var message = Of(parts, head, headLength, body, bodyLength);
        var count = Libc.Receive(file, &message, DontWait);
        return count == 0 ? Ended : Outcome(count);
    }

    private static Libc.Message Of(Libc.Part* parts, byte* head, int headLength, byte* body, int bodyLength)
    {
        var count = 0;
        if (headLength > 0)
        {
            parts[count++] = new Libc.Part { Start = head, Length = (nuint)headLength };
        }

        parts[count++] = new Libc.Part { Start = body, Length = (nuint)bodyLength };
        return new Libc.Message { Parts = parts, Count = (nuint)count };
    }

    private static int Outcome(nint count)
    {
        if (count >= 0)
        {
            return (int)count;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is Libc.WouldBlock or Libc.Interrupted ? 0 : -error;
    }
}
