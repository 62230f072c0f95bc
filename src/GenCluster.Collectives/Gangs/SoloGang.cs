using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>The gang of one member: the same arithmetic without wires.</summary>
public sealed class SoloGang : IGang
{
    private readonly SliceReducer reducer;
    private volatile bool aborted;

    /// <summary>A gang for a plan of one member.</summary>
    public SoloGang(GangPlan plan)
    {
        if (plan.Members != 1)
        {
            throw new ArgumentException($"the plan has {plan.Members} members; a solo gang has one, others join over the network", nameof(plan));
        }

        Plan = plan;
        reducer = new SliceReducer(plan, 0);
    }

    /// <inheritdoc/>
    public int Member => 0;

    /// <inheritdoc/>
    public GangPlan Plan { get; }

    /// <inheritdoc/>
    public void AllReduce(ShardAccumulator gradients, Span<float> sum, long step)
    {
        if (aborted)
        {
            throw new GangBrokenException(Member, null, GangBreak.Aborted, "the gang was ended by this process");
        }

        reducer.Begin(gradients, sum);
        while (reducer.TryReduce(sum))
        {
        }
    }

    /// <inheritdoc/>
    public void Abort() => aborted = true;

    /// <inheritdoc/>
    public void Dispose() => Abort();
}
