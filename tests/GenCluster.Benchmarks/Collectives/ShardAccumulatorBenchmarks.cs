using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using GenCluster.Collectives.Memory;
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
        accumulator = new ShardAccumulator(GangPlan.Even(Shards, 1, VectorLayout.Plain(Length)), 0, new VectorMemory(Length, Shards));
        Array.Fill(gradient, 0.1f);
    }

    [GlobalCleanup]
    public void Free() => accumulator.Memory.Dispose();

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
        {
            gradient.CopyTo(accumulator.Vector);
            accumulator.Commit(shard);
        }

        return accumulator.Partial(0, bucket: 0)[0];
    }
}
