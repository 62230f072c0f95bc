using GenCluster.Core.Randomness;
using GenCluster.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Models;

public sealed class NoiseSourceTests
{
    [Fact]
    public void Gives_the_numbers_of_its_stream_in_order()
    {
        using var scope = NewDisposeScope();
        var expected = new float[12];
        Stream().FillNormal(expected);
        var noise = new NoiseSource(Stream(), CPU);

        float[] drawn = [.. noise.Normal(2, 3).data<float>(), .. noise.Normal(6).data<float>()];

        drawn.ShouldBe(expected);
    }

    [Fact]
    public void Numbers_are_in_their_ranges()
    {
        using var scope = NewDisposeScope();
        var noise = new NoiseSource(Stream(), CPU);

        noise.Uniform(1000).data<float>().ShouldAllBe(u => u >= 0 && u < 1);
        noise.Integers(1000, 10).data<long>().Distinct().Order().ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    // The bits of a matrix product depend on how its operands are aligned.
    [Fact]
    public void Equal_noise_gives_equal_products_wherever_memory_lies()
    {
        set_num_threads(1);
        using var weights = randn(32, 512);
        var clutter = new List<byte[]>();
        string Product(int i)
        {
            using var scope = NewDisposeScope();
            clutter.Add(new byte[i * 37 % 1000]);
            return Convert.ToHexString(new NoiseSource(Stream(), CPU).Normal(3, 32).matmul(weights).bytes);
        }

        Enumerable.Range(0, 50).Select(Product).Distinct().Count().ShouldBe(1);
    }

    private static RandomStream Stream() => new(7, new StreamAddress(StreamPurpose.Training));
}
