using BenchmarkDotNet.Attributes;
using GenCluster.Core.Randomness;

namespace GenCluster.Benchmarks.Randomness;

/// <summary>What it costs to find the samples of a batch: no list is shuffled, so each index is computed.</summary>
[MemoryDiagnoser]
public class KeyedPermutationBenchmarks
{
    private KeyedPermutation order = null!;
    private long next;

    [Params(10_000, 60_000, 1_281_167)]
    public long Samples { get; set; }

    [GlobalSetup]
    public void Shuffle() => order = new KeyedPermutation(Samples, seed: 7, epoch: 3);

    [Benchmark(OperationsPerInvoke = 128)]
    public long Batch_of_128()
    {
        long sum = 0;
        for (int i = 0; i < 128; i++)
            sum += order[next++ % Samples];
        return sum;
    }
}
