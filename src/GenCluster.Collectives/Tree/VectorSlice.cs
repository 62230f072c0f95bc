namespace GenCluster.Collectives.Tree;

/// <summary>A run of consecutive elements of a slot: a member's slice of a bucket, or one chunk of a slice.</summary>
internal readonly record struct VectorSlice(int Start, int Length)
{
    /// <summary>Elements in one frame: 512 KiB, so that a chunk is added while it is still in the second-level cache.</summary>
    public const int ChunkElements = 128 * 1024;

    public int Chunks => (int)(((long)Length + ChunkElements - 1) / ChunkElements);

    /// <summary>The slice of a bucket that <paramref name="member"/> owns.</summary>
    public static VectorSlice Of(Bucket bucket, int member, int members)
    {
        var start = Border(bucket.Length, member, members);
        return new VectorSlice(bucket.Start + start, Border(bucket.Length, member + 1, members) - start);
    }

    public VectorSlice Chunk(int index)
    {
        var offset = index * ChunkElements;
        return new VectorSlice(Start + offset, Math.Min(ChunkElements, Length - offset));
    }

    private static int Border(int length, int member, int members)
    {
        var blocks = ((long)length + VectorLayout.Alignment - 1) / VectorLayout.Alignment;
        return (int)Math.Min(length, blocks * member / members * VectorLayout.Alignment);
    }
}
