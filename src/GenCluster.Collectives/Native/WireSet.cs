using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Native;

/// <summary>Sockets to sleep on until one of them can move a byte.</summary>
internal sealed unsafe class WireSet : IDisposable
{
    private const short Readable = 1; // POLLIN
    private const short Writable = 4; // POLLOUT

    private readonly Libc.PollEntry* entries;
    private readonly Wire[] wires;

    public WireSet(Wire[] wires)
    {
        this.wires = wires;
        entries = (Libc.PollEntry*)NativeMemory.AllocZeroed((nuint)Math.Max(1, wires.Length), (nuint)sizeof(Libc.PollEntry));
    }

    /// <summary>Says what one socket is waited for; nothing leaves it out.</summary>
    public void Want(int index, bool toReceive, bool toSend)
    {
        // A negative descriptor is left out even if the connection has ended.
        entries[index].File = toReceive || toSend ? wires[index].File : -1;
        entries[index].Events = (short)((toReceive ? Readable : 0) | (toSend ? Writable : 0));
        entries[index].Happened = 0;
    }

    /// <summary>Whether something came or ended there, after <see cref="Wait"/>.</summary>
    public bool Happened(int index) => entries[index].Happened != 0;

    /// <summary>Sleeps until something happens, at most as long as given.</summary>
    public void Wait(long nanoseconds)
    {
        var milliseconds = (int)Math.Min((nanoseconds + 999_999) / 1_000_000, int.MaxValue);

        // An interrupted wait is like one that is over: the caller looks around and comes back.
        _ = Libc.Poll(entries, (nuint)wires.Length, milliseconds);
    }

    public void Dispose() => NativeMemory.Free(entries);
}
