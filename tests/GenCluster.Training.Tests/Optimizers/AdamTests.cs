using GenCluster.Core.Randomness;
using GenCluster.Training.Models;
using GenCluster.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Optimizers;

public sealed class AdamTests
{
    [Theory]
    [InlineData(1e-3, 0.9, 0.999)]
    [InlineData(2e-4, 0.5, 0.999)]
    [InlineData(1e-2, 0, 0.9)]
    public void Agrees_with_torch_over_a_thousand_updates(double learningRate, double beta1, double beta2)
    {
        const int length = 256;
        var options = new AdamOptions(learningRate, beta1, beta2);
        var random = new RandomStream(3, new StreamAddress(StreamPurpose.Training));
        float[] ours = new float[length], gradient = new float[length], first = new float[length], second = new float[length];
        random.FillNormal(ours);
        using var scope = NewDisposeScope();
        var theirs = new TorchSharp.Modules.Parameter(tensor(ours));
        using var adam = optim.Adam([theirs], learningRate, beta1, beta2);

        for (int update = 1; update <= 1000; update++)
        {
            random.FillNormal(gradient);
            Adam.Update(ours, [.. gradient.Select(value => value * 4)], 0.25f, first, second, options, update);

            using var step = NewDisposeScope();
            theirs.grad = tensor(gradient);
            adam.step();
        }

        ours.Zip(theirs.detach().data<float>().ToArray(), UnitsApart).Max().ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public void The_first_update_moves_every_parameter_by_the_learning_rate()
    {
        float[] parameters = new float[16], gradient = [.. Enumerable.Range(1, 16).Select(i => (float)i)];

        Adam.Update(parameters, gradient, 1, new float[16], new float[16], new AdamOptions(0.01, 0.9, 0.999), 1);

        parameters.ShouldAllBe(value => Math.Abs(value + 0.01f) < 1e-7f);
    }

    [Fact]
    public void No_gradient_no_change()
    {
        float[] parameters = new float[32];

        Adam.Update(parameters, new float[32], 1, new float[32], new float[32], new AdamOptions(0.01, 0.9, 0.999), 1);

        parameters.ShouldAllBe(value => value == 0);
    }

    /// <summary>In units of the last place of the number, or of 1 where it is smaller: it was there when it was rounded.</summary>
    private static float UnitsApart(float value, float other)
    {
        float magnitude = Math.Max(1, Math.Abs(value));
        return Math.Abs(value - other) / (float.BitIncrement(magnitude) - magnitude);
    }
}
