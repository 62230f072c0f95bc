using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using GenCluster.Collectives.Tree;

namespace GenCluster.Benchmarks.Collectives;

/// <summary>What the fixed tree costs a worker that has all shards, beside adding them from left to right.</summary>
[MemoryDiagnoser]
public class ShardAccumulatorBenchmarks
{
    private const int Length = 1 << 20;

    private readonly float[] gradient = new float[Length];
    private readonly float[] sum = new float[Length];
    private ShardAccumulator accumulator = null!;

    [Params(1, 4, 16)]
    public int Shards { get; set; }

    [GlobalSetup]
    public void Plan()
    {
        accumulator = new ShardAccumulator(GangPlan.Even(Shards, 1, Length), 0);
        Array.Fill(gradient, 0.1f);
    }

    [Benchmark(Baseline = true)]
    public float From_left_to_right()
    {
        Array.Clear(sum);
        for (int shard = 0; shard < Shards; shard++)
        {
            var totals = MemoryMarshal.Cast<float, Vector<float>>(sum.AsSpan());
            var addends = MemoryMarshal.Cast<float, Vector<float>>(gradient.AsSpan());
            for (int i = 0; i < totals.Length; i++)
                totals[i] += addends[i];
        }

        return sum[0];
    }

    [Benchmark]
    public float Up_the_tree()
    {
        accumulator.Begin(0);
        for (int shard = 0; shard < Shards; shard++)
            accumulator.Add(shard, gradient);
        return accumulator.Partial(0).Span[0];
    }
}
