using GenCluster.Core.Randomness;
using GenCluster.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Optimizers;

public sealed class GradientNormTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    [InlineData(70_001)]
    public void Is_the_norm(int length)
    {
        float[] values = Normal(length);

        GradientNorm.SumOfSquares(values).ShouldBe(values.Sum(value => (double)value * value), 1e-9 * (length + 1));
    }

    [Fact]
    public void Adds_in_an_order_that_anyone_can_follow()
    {
        float[] values = Normal(3 * 1024);

        double Block(int block)
        {
            double[] lanes = new double[16];
            for (int i = 0; i < 1024; i++)
                lanes[i % 16] += (double)values[block * 1024 + i] * values[block * 1024 + i];
            for (int width = 8; width > 0; width /= 2)
            {
                for (int lane = 0; lane < width; lane++)
                    lanes[lane] += lanes[lane + width];
            }

            return lanes[0];
        }

        GradientNorm.SumOfSquares(values).ShouldBe(Block(0) + Block(1) + Block(2));
    }

    [Fact]
    public void Huge_gradients_have_a_norm() => GradientNorm.SumOfSquares([float.MaxValue, float.MaxValue]).ShouldBe(2.0 * float.MaxValue * float.MaxValue);

    [Theory]
    [InlineData(0.5)]
    [InlineData(100)]
    public void Clips_as_torch_does(double max)
    {
        using var scope = NewDisposeScope();
        float[] gradient = Normal(1000);
        var parameter = new TorchSharp.Modules.Parameter(zeros(1000)) { grad = tensor(gradient) };

        nn.utils.clip_grad_norm_([parameter], max);
        float factor = GradientNorm.Coefficient(Math.Sqrt(GradientNorm.SumOfSquares(gradient)), max);

        var clipped = parameter.grad!.data<float>().ToArray();
        for (int i = 0; i < gradient.Length; i++)
            (gradient[i] * factor).ShouldBe(clipped[i], 1e-6f);
        (factor == 1).ShouldBe(max == 100);
    }

    private static float[] Normal(int length)
    {
        var values = new float[length];
        new RandomStream(1, new StreamAddress(StreamPurpose.Training)).FillNormal(values);
        return values;
    }
}
