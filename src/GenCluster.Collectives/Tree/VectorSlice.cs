namespace GenCluster.Collectives.Tree;

/// <summary>A run of consecutive elements of a slot: a member's slice of a bucket, or one chunk of a slice.</summary>
/// <param name="Grain">Elements that stay together in a slice and in a chunk.</param>
internal readonly record struct VectorSlice(int Start, int Length, int Grain = VectorLayout.Alignment)
{
    /// <summary>Elements in one frame: 512 KiB, so that a chunk is added while it is still in the second-level cache.</summary>
    public const int ChunkElements = 128 * 1024;

    public int Chunks => (int)(((long)Length + ChunkLength - 1) / ChunkLength);

    private int ChunkLength => ChunkElements / Grain * Grain;

    /// <summary>The slice of a bucket that <paramref name="member"/> owns.</summary>
    public static VectorSlice Of(Bucket bucket, int member, int members, int grain = VectorLayout.Alignment)
    {
        var start = Border(bucket.Length, member, members, grain);
        return new VectorSlice(bucket.Start + start, Border(bucket.Length, member + 1, members, grain) - start, grain);
    }

    public VectorSlice Chunk(int index)
    {
        var offset = index * ChunkLength;
        return new VectorSlice(Start + offset, Math.Min(ChunkLength, Length - offset));
    }

    private static int Border(int length, int member, int members, int grain)
    {
        var grains = ((long)length + grain - 1) / grain;
        return (int)Math.Min(length, grains * member / members * grain);
    }
}
