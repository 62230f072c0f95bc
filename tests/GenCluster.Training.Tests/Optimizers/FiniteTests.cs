using GenCluster.Training.Optimizers;

namespace GenCluster.Training.Tests.Optimizers;

public sealed class FiniteTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Finds_what_is_not_finite_at_any_place(float value)
    {
        for (int i = 0; i < 37; i++)
        {
            var values = Enumerable.Repeat(float.MaxValue, 37).ToArray();
            Finite.All(values).ShouldBeTrue();
            values[i] = value;
            Finite.All(values).ShouldBeFalse();
        }
    }
}
