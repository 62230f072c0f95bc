using System.Collections.Immutable;
using GenCluster.Collectives.Memory;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>Shard vectors whose sum depends on the order of additions, and the tree's sum in its plainest form.</summary>
internal static class Vectors
{
    /// <summary>The vector of one shard at one position: magnitudes over twelve decades, both signs, negative zeros.</summary>
    public static float[] OfShard(int seed, long position, int shard, int length)
    {
        var vector = new float[length];
        var state = ((((((ulong)seed << 20) + (ulong)position) << 13) + (ulong)shard) * 0x9E3779B97F4A7C15) + 1;
        foreach (ref var element in vector.AsSpan())
        {
            // SplitMix64; sign and mantissa are random bits, the exponent is one of 40 around 1.
            state += 0x9E3779B97F4A7C15;
            var bits = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            var exponent = (uint)(107 + ((bits >> 40) % 40));
            element = (bits & 15) == 0 ? -0f : BitConverter.UInt32BitsToSingle(((uint)bits & 0x8000_0000) | (exponent << 23) | ((uint)(bits >> 8) & 0x7F_FFFF));
        }

        return vector;
    }

    /// <summary>((0+1)+(2+3))+… as the definition says it, element by element.</summary>
    public static float[] TreeSum(IReadOnlyList<float[]> shards) =>
        shards.Count == 1
            ? shards[0]
            : Add(TreeSum([.. shards.Take(shards.Count / 2)]), TreeSum([.. shards.Skip(shards.Count / 2)]));

    public static float[] Add(float[] left, float[] right)
    {
        var sum = new float[left.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }

        return sum;
    }

    public static float[] ExpectedSum(int seed, long position, int shards, int length) =>
        TreeSum([.. Enumerable.Range(0, shards).Select(shard => OfShard(seed, position, shard, length))]);

    /// <summary>A member's accumulator with all its shards of a phase; the buckets hold the shard's vector one after the other.</summary>
    public static ShardAccumulator Filled(GangPlan plan, int member, VectorMemory memory, int seed, long position = 0, int phase = 0)
    {
        var vectors = new ShardAccumulator(plan, member, memory);
        Fill(vectors, seed, position, phase);
        return vectors;
    }

    public static void Fill(ShardAccumulator vectors, int seed, long position = 0, int phase = 0)
    {
        vectors.Begin(phase);
        var range = vectors.Plan.Ranges[vectors.Member];
        var length = LengthOf(vectors.Plan, phase);
        for (var shard = range.First; shard < range.End; shard++)
        {
            var rest = OfShard(seed, position, shard, length).AsSpan();
            foreach (var bucket in vectors.Buckets)
            {
                rest[..bucket.Length].CopyTo(vectors.Vector[bucket.Start..]);
                rest = rest[bucket.Length..];
            }

            vectors.Commit(shard);
        }
    }

    /// <summary>How many elements a phase's buckets have together.</summary>
    public static int LengthOf(GangPlan plan, int phase) => plan.Layout.Phases[phase].Sum(bucket => bucket.Length);

    /// <summary>What is in the buckets of slot 0, one after the other.</summary>
    public static float[] InBuckets(ShardAccumulator vectors)
    {
        var all = new List<float>();
        foreach (var bucket in vectors.Buckets)
        {
            all.AddRange(vectors.Vector.Slice(bucket.Start, bucket.Length));
        }

        return [.. all];
    }

    /// <summary>A plan of plain vectors.</summary>
    public static GangPlan Even(int shards, int members, params ReadOnlySpan<int> lengths) => GangPlan.Even(shards, members, VectorLayout.Plain(lengths));

    /// <summary>Any contiguous division of the shards.</summary>
    public static ImmutableArray<ShardRange> RandomDivision(Random random, int shards, int members)
    {
        var cuts = Enumerable.Range(1, shards - 1).OrderBy(_ => random.Next()).Take(members - 1).Order().Append(shards).ToArray();
        return [.. cuts.Select((end, member) => (first: member == 0 ? 0 : cuts[member - 1], end)).Select(cut => new ShardRange(cut.first, cut.end - cut.first))];
    }

    /// <summary>Equal bit for bit: 0 is not -0 here.</summary>
    public static void ShouldBeBitwise(this float[] actual, float[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]))
            {
                Assert.Fail($"element {i} of {actual.Length}: {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }
}
