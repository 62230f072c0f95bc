using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// One member's end of a gang: the workers that train one trial under one lease. A gang that failed is dead; the members
/// agree on the last finished step elsewhere and join a new one with a higher epoch.
/// </summary>
public interface IGang : IDisposable
{
    /// <summary>Which member of the plan this is.</summary>
    int Member { get; }

    /// <summary>Who sums what.</summary>
    GangPlan Plan { get; }

    /// <summary>
    /// Sums the shards' vectors of all members up the fixed tree; blocks until the sum is complete. Every member calls it for
    /// the same steps and phases in the same order. One call at a time.
    /// </summary>
    /// <param name="gradients">The member's own shards, complete. It is only read.</param>
    /// <param name="sum">Receives the sum; of the phase's length. May be native memory: no other thread touches it.
    /// After an exception its content is arbitrary.</param>
    /// <param name="step">The step of the trial, compared with that of the others.</param>
    /// <exception cref="GangBrokenException">The sum did not come about. The gang is dead.</exception>
    /// <exception cref="ArgumentException">The arguments do not fit the plan. Nothing was sent, the gang lives.</exception>
    void AllReduce(ShardAccumulator gradients, Span<float> sum, long step);

    /// <summary>Ends the gang from any thread, at once: a blocked <see cref="AllReduce"/> throws, and the peers notice.</summary>
    void Abort();
}
