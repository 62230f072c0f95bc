using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Codecs;

/// <summary>How a bucket is divided among members whose sums are coded: in whole blocks, so that a slice's code is a slice of the bucket's.</summary>
internal static class CodedSlices
{
    /// <summary>The elements of the bucket, counted from its start, above whose partials the member finishes the tree.</summary>
    public static VectorSlice Of(int length, int member, int members)
    {
        var start = Border(length, member, members);
        return new VectorSlice(start, Border(length, member + 1, members) - start);
    }

    private static int Border(int length, int member, int members)
    {
        var blocks = ((long)length + Codec.BlockElements - 1) / Codec.BlockElements;
        return (int)Math.Min(length, blocks * member / members * Codec.BlockElements);
    }
}
