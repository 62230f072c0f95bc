using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// One member's end of a gang: the workers that train one trial under one lease. A gang that failed is dead; the members
/// agree on the last position elsewhere and join a new one with a higher epoch.
/// </summary>
public interface IGang : IDisposable
{
    /// <summary>Which member of the plan this is.</summary>
    int Member { get; }

    /// <summary>Who sums what.</summary>
    GangPlan Plan { get; }

    /// <summary>What the members waited for so far.</summary>
    GangWaits Waits { get; }

    /// <summary>How this member reaches <paramref name="peer"/>; <see cref="Transport.Auto"/> for itself.</summary>
    Transport TransportTo(int peer);

    /// <summary>
    /// Sums one bucket of the phase over all shards of all members, up the fixed tree; blocks until the sum is in slot 0 of
    /// <paramref name="vectors"/>. Every member calls it for the same positions, phases and buckets in the same order. One call at a time.
    /// </summary>
    /// <param name="vectors">The member's own shards, all committed in this bucket. The bucket is overwritten in all its slots; after an exception
    /// it holds rubbish, and so do all slots until the gang is disposed: they are other members' to write to.</param>
    /// <param name="position">How many collectives of the trial are done, compared with that of the others.</param>
    /// <exception cref="GangBrokenException">The sum did not come about. The gang is dead.</exception>
    /// <exception cref="ArgumentException">The arguments do not fit the plan. Nothing was sent, the gang lives.</exception>
    void Reduce(ShardAccumulator vectors, int bucket, long position);

    /// <summary>Ends the gang from any thread, at once: a blocked <see cref="Reduce"/> throws, and the peers notice.</summary>
    void Abort();
}
