using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenCluster.Collectives.Native;
using GenCluster.Collectives.Tree;
using Microsoft.Win32.SafeHandles;

namespace GenCluster.Collectives.Memory;

/// <summary>
/// Native memory of one member for all its vectors, in page-aligned slots of equal size. Slot 0 is where the vector of the
/// shard in hand is left and where the sum lands, so gradients can live there; the others are for sums of subtrees that wait.
/// It belongs to the run and outlives gangs: addresses never change. Members of the same host map each other's memory, so
/// the end of a gang replaces what lies behind the addresses by zeros: a member of it that wakes up late writes to pages
/// that nobody looks at any more.
/// </summary>
public sealed unsafe class VectorMemory : IDisposable
{
    private const int Page = 4096;

    private readonly nint memory;
    private readonly long length;
    private SafeFileHandle? file;
    private bool shared;
    private bool disposed;

    /// <summary>Reserves the slots; a page that is never touched costs nothing.</summary>
    /// <param name="capacity">Elements of a slot, as in the layout.</param>
    /// <param name="shards">The trial's shards: there are slots for any division of them.</param>
    /// <exception cref="IOException">The system has no such memory to give.</exception>
    public VectorMemory(int capacity, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);

        Capacity = capacity;
        Slots = SlotSchedule.MostSlots(shards);
        Stride = Math.Max(Page, (((long)capacity * sizeof(float)) + Page - 1) / Page * Page);
        length = ControlBlock.Bytes + (Slots * Stride);
        if (OperatingSystem.IsLinux())
        {
            memory = MemoryFile.Reserve(length);
            Renew();
        }
        else
        {
            memory = (nint)NativeMemory.AllocZeroed((nuint)(length + Page));
        }
    }

    /// <summary>Elements of a slot.</summary>
    public int Capacity { get; }

    /// <summary>How many slots there are.</summary>
    public int Slots { get; }

    /// <summary>The whole of a slot. Valid until <see cref="Dispose"/>.</summary>
    public Span<float> Slot(int slot) => new((void*)AddressOf(slot), Capacity);

    /// <summary>Where a slot starts, on a page. Valid until <see cref="Dispose"/>.</summary>
    public nint AddressOf(int slot)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Slots);
        return Start + ControlBlock.Bytes + (nint)(slot * Stride);
    }

    /// <summary>Bytes from one slot to the next.</summary>
    internal long Stride { get; }

    /// <summary>Null where other processes cannot map this memory.</summary>
    internal SafeFileHandle? File => file;

    internal ControlBlock* Control => (ControlBlock*)Start;

    private nint Start => OperatingSystem.IsLinux() ? memory : (memory + Page - 1) / Page * Page;

    /// <summary>Gives the memory back. No tensor may live in it any more and no gang may use it.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (OperatingSystem.IsLinux())
        {
            MemoryFile.Unmap(memory, length);
            file?.Dispose();
        }
        else
        {
            NativeMemory.Free((void*)memory);
        }
    }

    /// <summary>Lends it to a gang: members of the same host may map it and write to it.</summary>
    /// <exception cref="InvalidOperationException">Another gang has it.</exception>
    internal void Share()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Interlocked.Exchange(ref shared, true))
        {
            throw new InvalidOperationException("this memory is in use by a gang; dispose that one first, or give each member its own memory");
        }
    }

    /// <summary>Takes it back from the gang: behind the same addresses are zeros, and whoever has mapped it writes to what nobody looks at.</summary>
    internal void Withdraw()
    {
        if (!disposed && OperatingSystem.IsLinux())
        {
            Renew();
        }

        Volatile.Write(ref shared, false);
    }

    private void Renew()
    {
        var old = file;
        file = MemoryFile.Create(length);
        MemoryFile.Map(file, length, memory);
        old?.Dispose();
        Control->Magic = ControlBlock.Signature;
        Control->Stride = Stride;
        Control->Slots = Slots;
        RandomNumberGenerator.Fill(Control->Token);
    }
}
