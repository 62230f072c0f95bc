using BenchmarkDotNet.Attributes;
using GenCluster.Core.Randomness;

namespace GenCluster.Benchmarks.Randomness;

/// <summary>What the numbers of a step cost: the noise of a batch, beside the framework's sequential generator.</summary>
[MemoryDiagnoser]
public class RandomStreamBenchmarks
{
    private readonly float[] noise = new float[64 * 100];
    private readonly RandomStream stream = new(7, new StreamAddress(StreamPurpose.Training, Step: 1));
    private readonly Random sequential = new(7);

    [Benchmark(Baseline = true)]
    public void Uniform_by_the_framework()
    {
        foreach (ref float value in noise.AsSpan())
            value = sequential.NextSingle();
    }

    [Benchmark]
    public void Uniform() => stream.FillUniform(noise);

    [Benchmark]
    public void Normal() => stream.FillNormal(noise);
}
