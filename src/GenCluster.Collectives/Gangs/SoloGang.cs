using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>The gang of one member: what its accumulator leaves in slot 0 is the sum already.</summary>
public sealed class SoloGang : IGang
{
    private volatile bool aborted;

    /// <summary>A gang for a plan of one member.</summary>
    public SoloGang(GangPlan plan)
    {
        if (plan.Members != 1)
        {
            throw new ArgumentException($"the plan has {plan.Members} members; a solo gang has one, others join over the network", nameof(plan));
        }

        Plan = plan;
    }

    /// <inheritdoc/>
    public int Member => 0;

    /// <inheritdoc/>
    public GangPlan Plan { get; }

    /// <inheritdoc/>
    public GangWaits Waits { get; } = new(1);

    /// <inheritdoc/>
    public Transport TransportTo(int peer) => Transport.Auto;

    /// <inheritdoc/>
    public void Reduce(ShardAccumulator vectors, int bucket, long position)
    {
        if (aborted)
        {
            throw new GangBrokenException(Member, null, GangBreak.Aborted, "the gang was ended by this process");
        }

        this.Check(vectors, bucket);
        vectors.CodeOf(bucket)?.DecodeInPlace(vectors.Vector);
    }

    /// <inheritdoc/>
    public void Abort() => aborted = true;

    /// <inheritdoc/>
    public void Dispose() => Abort();
}
