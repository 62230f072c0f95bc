using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GenCluster.Benchmarks.Crews;

namespace GenCluster.Benchmarks.AllReduce;

/// <summary>
/// The wire without the sum: two members send each other as many bytes as an all-reduce of two would, through the same
/// system calls, from and into one piece of memory that stays in the cache. Nothing over TCP can be faster.
/// </summary>
internal sealed unsafe partial class RawLoopback : IDisposable
{
    private const int Piece = 256 * 1024;
    private const int DontWait = 0x40, NoSignal = 0x4000, Again = 11;
    private const int TcpLevel = 6, CongestionControl = 13;
    private const short Readable = 1, Writable = 4;
    private static readonly long Spin = System.Diagnostics.Stopwatch.Frequency / 20_000; // 50 us

    private readonly Socket socket;
    private readonly int descriptor;
    private readonly byte* outgoing = (byte*)NativeMemory.AlignedAlloc(Piece, 4096);
    private readonly byte* incoming = (byte*)NativeMemory.AlignedAlloc(Piece, 4096);

    private RawLoopback(Socket socket)
    {
        this.socket = socket;
        socket.NoDelay = true;
        descriptor = (int)socket.Handle;
        NativeMemory.Fill(outgoing, Piece, 1);
    }

    /// <summary>A member: meets the other one and answers <c>run COUNT WARM_UP ITERATIONS</c>.</summary>
    public static void Serve(CrewLine line)
    {
        using var listener = Open();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        string[] ports = line.Meet($"{((IPEndPoint)listener.LocalEndPoint!).Port}");
        using var wire = new RawLoopback(line.Member == 0 ? listener.Accept() : Dial(int.Parse(ports[0])));
        line.Serve(request => wire.Run(int.Parse(request[1]), int.Parse(request[2]), int.Parse(request[3])));
    }

    public void Dispose()
    {
        socket.Dispose();
        NativeMemory.AlignedFree(outgoing);
        NativeMemory.AlignedFree(incoming);
    }

    private static Socket Dial(int port)
    {
        var socket = Open();
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>With reno where that is allowed, as the data plane does.</summary>
    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ReadOnlySpan<byte> reno = "reno"u8;
        fixed (byte* name = reno)
            _ = SetOption((int)socket.Handle, TcpLevel, CongestionControl, name, (uint)reno.Length);
        return socket;
    }

    private string Run(int count, int warmUp, int iterations)
    {
        for (int i = 0; i < warmUp; i++)
            Exchange((long)count * sizeof(float));
        var stamps = new Stamps(iterations);
        for (int i = 0; i < iterations; i++)
        {
            stamps.Begin();
            Exchange((long)count * sizeof(float));
            stamps.End();
        }

        return stamps.Answer();
    }

    private void Exchange(long bytes)
    {
        long toSend = bytes, toReceive = bytes, idleSince = 0;
        while (toSend > 0 || toReceive > 0)
        {
            bool moved = false;
            if (toSend > 0)
                moved |= Move(ref toSend, Send(descriptor, outgoing, (nuint)Math.Min(Piece, toSend), DontWait | NoSignal));
            if (toReceive > 0)
                moved |= Move(ref toReceive, Receive(descriptor, incoming, (nuint)Math.Min(Piece, toReceive), DontWait));
            if (moved)
                idleSince = 0;
            else
                Wait(ref idleSince, (short)((toSend > 0 ? Writable : 0) | (toReceive > 0 ? Readable : 0)));
        }
    }

    private static bool Move(ref long left, nint moved)
    {
        if (moved > 0)
            left -= moved;
        else if (moved == 0 || Marshal.GetLastPInvokeError() != Again)
            throw new IOException("the other member is gone");
        return moved > 0;
    }

    private void Wait(ref long idleSince, short events)
    {
        long now = System.Diagnostics.Stopwatch.GetTimestamp();
        if (idleSince == 0)
            idleSince = now;
        if (now - idleSince < Spin)
            return;
        var wanted = new Awaited { Descriptor = descriptor, Events = events };
        _ = Poll(&wanted, 1, -1);
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Awaited* wanted, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int socket, int level, int option, byte* value, uint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct Awaited
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
