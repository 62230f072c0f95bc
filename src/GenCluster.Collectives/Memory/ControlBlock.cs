using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenCluster.Collectives.Memory;

/// <summary>
/// The first page of a member's memory file: who it is, and how far its owner has come. Only the owner writes to it. What
/// changes in an all-reduce is spread over pairs of cache lines, which is what the hardware fetches at once.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal struct ControlBlock
{
    public const int Bytes = 4096;
    public const ulong Signature = 0x0002_726f_7463_6556; // "Vector" and the layout's version

    [FieldOffset(0)]
    public ulong Magic;

    /// <summary>Proves to who maps the file that it is the one that was spoken of.</summary>
    [FieldOffset(8)]
    public Token Token;

    /// <summary>Bytes from one slot to the next.</summary>
    [FieldOffset(64)]
    public long Stride;

    [FieldOffset(72)]
    public int Slots;

    /// <summary>Number of the collective whose vector is complete in the owner's slots.</summary>
    [FieldOffset(128)]
    public long Ready;

    /// <summary>What the owner means by it; written before <see cref="Ready"/>.</summary>
    [FieldOffset(136)]
    public CollectivePlace Place;

    /// <summary>When it was complete, nanoseconds of the host's clock.</summary>
    [FieldOffset(160)]
    public long ReadyAt;

    /// <summary>Number of the collective in which the owner has summed its slice into everybody's slot 0.</summary>
    [FieldOffset(256)]
    public long Done;

    /// <summary>Not 0 while the owner sleeps and wants a byte over the pair's connection when something changes.</summary>
    [FieldOffset(384)]
    public int Sleeping;
}

/// <summary>Which collective is meant; all members must mean the same.</summary>
internal readonly record struct CollectivePlace(long Position, int Phase, int Bucket);

/// <summary>32 random bytes.</summary>
[InlineArray(Size)]
internal struct Token
{
    public const int Size = 32;
    private byte first;
}
