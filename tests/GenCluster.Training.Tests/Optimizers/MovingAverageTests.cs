using GenCluster.Training.Optimizers;

namespace GenCluster.Training.Tests.Optimizers;

public sealed class MovingAverageTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Approaches_a_constant_by_the_closed_form(double decay)
    {
        const double start = 5, target = -2;
        const int updates = 100;
        float[] average = [.. Enumerable.Repeat((float)start, 16)], parameters = [.. Enumerable.Repeat((float)target, 16)];

        for (int i = 0; i < updates; i++)
            MovingAverage.Update(average, parameters, decay);

        double left = Math.Pow(decay, updates);
        average.ShouldAllBe(value => Math.Abs(value - (target * (1 - left) + start * left)) < 1e-4);
    }
}
