using System.Collections.Immutable;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Support;

/// <summary>Shard vectors whose sum depends on the order of additions, and the tree's sum in its plainest form.</summary>
internal static class Vectors
{
    private const int LongestDrawn = 100_003; // no multiple of a chunk: a chunk in a wrong place is found

    /// <summary>The vector of one shard at one step: magnitudes over twelve decades, both signs, negative zeros.</summary>
    public static float[] OfShard(int seed, long step, int shard, int length)
    {
        var random = new Random(HashCode.Combine(seed, step, shard, length) & int.MaxValue);
        var vector = new float[length];
        var drawn = vector.AsSpan(0, Math.Min(length, LongestDrawn));
        foreach (ref var element in drawn)
        {
            element = random.Next(16) == 0 ? -0f : (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7)));
        }

        for (var i = LongestDrawn; i < length; i++)
        {
            vector[i] = vector[i - LongestDrawn] * 1.0009765625f; // long vectors are for the wires; dice would take the time
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

    public static float[] ExpectedSum(int seed, long step, int shards, int length) =>
        TreeSum([.. Enumerable.Range(0, shards).Select(shard => OfShard(seed, step, shard, length))]);

    /// <summary>A member's accumulator with all its shards of a step.</summary>
    public static ShardAccumulator Gradients(GangPlan plan, int member, int seed, long step = 0, int phase = 0)
    {
        var gradients = new ShardAccumulator(plan, member);
        Fill(gradients, seed, step, phase);
        return gradients;
    }

    public static void Fill(ShardAccumulator gradients, int seed, long step = 0, int phase = 0)
    {
        gradients.Begin(phase);
        var range = gradients.Plan.Ranges[gradients.Member];
        for (var shard = range.First; shard < range.End; shard++)
        {
            gradients.Add(shard, OfShard(seed, step, shard, gradients.Length));
        }
    }

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
