using GenCluster.Collectives.Native;

namespace GenCluster.Collectives.Memory;

/// <summary>What a member says about its memory, so that a peer on the same host can map it.</summary>
/// <param name="Process">The owner's process id.</param>
/// <param name="File">Its descriptor there; negative if it has none to share.</param>
/// <param name="Token">What stands in the memory if it is the one that is meant.</param>
internal readonly record struct MemoryOffer(int Process, int File, ReadOnlyMemory<byte> Token)
{
    public static MemoryOffer None { get; } = new(0, -1, new byte[Collectives.Memory.Token.Size]);

    public static MemoryOffer Of(VectorMemory memory) => memory.File is null ? None : Read(memory);

    private static unsafe MemoryOffer Read(VectorMemory memory) =>
        new(Environment.ProcessId, (int)memory.File!.DangerousGetHandle(), ((ReadOnlySpan<byte>)memory.Control->Token).ToArray());
}

/// <summary>Another member's memory, mapped into this process. It stays whole when its owner dies.</summary>
internal sealed unsafe class PeerMemory : IDisposable
{
    private readonly nint start;
    private readonly long length;
    private bool disposed;

    private PeerMemory(nint start, long length)
    {
        this.start = start;
        this.length = length;
        Stride = Control->Stride;
    }

    public ControlBlock* Control => (ControlBlock*)start;

    /// <summary>Where the owner's slot 0 starts.</summary>
    public nint Slots => start + ControlBlock.Bytes;

    /// <summary>Bytes from one of its slots to the next.</summary>
    public long Stride { get; }

    /// <summary>Maps what was offered; null if it is not to be had or not what it must be. Only for offers of a proven peer.</summary>
    /// <param name="capacity">Elements that a slot must have at least.</param>
    /// <param name="slots">How many slots there must be at least.</param>
    public static PeerMemory? TryMap(MemoryOffer offer, int capacity, int slots)
    {
        if (!OperatingSystem.IsLinux() || offer.File < 0)
        {
            return null;
        }

        using var file = MemoryFile.TryOpen(offer.Process, offer.File);
        if (file is null || MemoryFile.LengthOf(file) is var length && length < ControlBlock.Bytes)
        {
            return null;
        }

        var memory = new PeerMemory(MemoryFile.Map(file, length), length);
        if (memory.Is(offer, capacity, slots))
        {
            return memory;
        }

        memory.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref disposed, true))
        {
            MemoryFile.Unmap(start, length);
        }
    }

    private bool Is(MemoryOffer offer, int capacity, int slots) =>
        Control->Magic == ControlBlock.Signature
        && ((ReadOnlySpan<byte>)Control->Token).SequenceEqual(offer.Token.Span)
        && Control->Slots >= Math.Max(1, slots)
        && Stride >= (long)capacity * sizeof(float)
        && Stride <= (length - ControlBlock.Bytes) / Control->Slots;
}
