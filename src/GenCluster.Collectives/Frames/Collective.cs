using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Frames;

/// <summary>One all-reduce of one bucket, as a member sees it.</summary>
/// <param name="Number">Counts the gang's collectives, from 1 on.</param>
/// <param name="Place">What the members compare.</param>
/// <param name="Bucket">Which elements.</param>
/// <param name="Exchanged">Both members sum the whole bucket, and no sums flow.</param>
/// <param name="Grain">Elements that stay together in a slice.</param>
/// <param name="ReadyAt">When this member's vector was complete, nanoseconds of its host's clock.</param>
internal readonly record struct Collective(long Number, CollectivePlace Place, Bucket Bucket, bool Exchanged, int Grain, long ReadyAt)
{
    /// <summary>The elements that a member sums.</summary>
    public VectorSlice SummedBy(int member, int members) =>
        Exchanged ? new VectorSlice(Bucket.Start, Bucket.Length, Grain) : VectorSlice.Of(Bucket, member, members, Grain);

    /// <summary>The elements whose sum a member sends out.</summary>
    public VectorSlice SentBy(int member, int members) =>
        Exchanged ? new VectorSlice(Bucket.Start, 0) : VectorSlice.Of(Bucket, member, members, Grain);

    /// <summary>What is wrong when a peer means another collective.</summary>
    public string Differs(int peer, CollectivePlace theirs) =>
        $"member {peer} is at {Name(theirs)}, this one at {this}; all members must reduce the same in the same order";

    public override string ToString() => Name(Place);

    private static string Name(CollectivePlace place) => $"position {place.Position}, phase {place.Phase}, bucket {place.Bucket}";
}
