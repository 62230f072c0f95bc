using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Native;

/// <summary>Calls on a socket's descriptor that never block; errors are negative numbers.</summary>
internal static unsafe class RawSocket
{
    private const int DontWait = 0x40; // MSG_DONTWAIT
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReceiveLowMark = 18; // SO_RCVLOWAT
    private const int MostToWakeAt = 128 * 1024;

    public static int Send(int file, byte* head, int headLength, byte* body, int bodyLength)
    {
        var parts = stackalloc Libc.Part[2];
        var message = Of(parts, head, headLength, body, bodyLength);
        return Outcome(Libc.Send(file, &message, DontWait | NoSignal));
    }

    public static int Receive(int file, byte* head, int headLength, byte* body, int bodyLength)
    {
        var parts = stackalloc Libc.Part[2];
        var message = Of(parts, head, headLength, body, bodyLength);
        var count = Libc.Receive(file, &message, DontWait);
        return count == 0 ? Wire.Ended : Outcome(count);
    }

    /// <summary>Sets how many bytes wake a sleeper, if that is another number than it is now.</summary>
    public static void WakeAt(int file, int bytes, ref int now)
    {
        bytes = Math.Clamp(bytes, 1, MostToWakeAt);
        if (bytes != now)
        {
            // If it fails, the sleeper only wakes more often.
            now = bytes;
            _ = Libc.SetOption(file, SocketLevel, ReceiveLowMark, &bytes, sizeof(int));
        }
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
