namespace GenCluster.Collectives.Tree;

/// <summary>A run of consecutive elements of a vector: a member's slice of it, or one chunk of a slice.</summary>
internal readonly record struct VectorSlice(int Start, int Length)
{
    /// <summary>Slices start on 64 bytes: no cache line and no SIMD register is shared between two owners.</summary>
    public const int Alignment = 16;

    /// <summary>Elements in one frame: 256 KiB, so that a chunk is added while it is still in the second-level cache.</summary>
    public const int ChunkElements = 64 * 1024;

    public int Chunks => (int)(((long)Length + ChunkElements - 1) / ChunkElements);

    public VectorSlice Chunk(int index)
    {
        var offset = index * ChunkElements;
        return new VectorSlice(Start + offset, Math.Min(ChunkElements, Length - offset));
    }

    /// <summary>The slice of a vector of <paramref name="length"/> elements that <paramref name="member"/> owns.</summary>
    public static VectorSlice Of(int length, int member, int members)
    {
        var start = Border(length, member, members);
        return new VectorSlice(start, Border(length, member + 1, members) - start);
    }

    private static int Border(int length, int member, int members)
    {
        var blocks = ((long)length + Alignment - 1) / Alignment;
        return (int)Math.Min(length, blocks * member / members * Alignment);
    }
}
