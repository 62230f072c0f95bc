using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>What every gang can do.</summary>
public static class GangExtensions
{
    /// <summary>Reduces every bucket of the phase in order.</summary>
    /// <inheritdoc cref="IGang.Reduce"/>
    public static void AllReduce(this IGang gang, ShardAccumulator vectors, long position)
    {
        for (var bucket = 0; bucket < vectors.Buckets.Length; bucket++)
        {
            gang.Reduce(vectors, bucket, position);
        }
    }

    /// <exception cref="ArgumentException">They are not this member's, or not complete.</exception>
    internal static void Check(this IGang gang, ShardAccumulator vectors, int bucket)
    {
        if (vectors.Member != gang.Member || !(ReferenceEquals(vectors.Plan, gang.Plan) || vectors.Plan.Hash.SequenceEqual(gang.Plan.Hash)))
        {
            throw new ArgumentException($"the vectors are those of member {vectors.Member}, perhaps of another plan; give those of member {gang.Member} of this gang's plan");
        }

        if (bucket < 0 || bucket >= vectors.Buckets.Length)
        {
            throw new ArgumentException($"phase {vectors.Phase} has no bucket {bucket}; it has {vectors.Buckets.Length}", nameof(bucket));
        }

        if (!vectors.Has(bucket))
        {
            throw new ArgumentException($"the vectors of member {gang.Member} are not complete in bucket {bucket}; commit all its shards {gang.Plan.Ranges[gang.Member]} first");
        }
    }
}
