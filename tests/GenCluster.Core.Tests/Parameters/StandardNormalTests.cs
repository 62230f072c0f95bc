using GenCluster.Core.Parameters.Quantiles;

namespace GenCluster.Core.Tests.Parameters;

public sealed class StandardNormalTests
{
    // Values of SciPy 1.10.
    [Theory]
    [InlineData(-37, 5.7255712225239266e-300)]
    [InlineData(-20, 2.7536241186061556e-89)]
    [InlineData(-5, 2.866515718791933e-07)]
    [InlineData(-1, 0.15865525393145707)]
    [InlineData(-0.3, 0.3820885778110474)]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.6914624612740131)]
    [InlineData(2, 0.9772498680518208)]
    [InlineData(8, 0.9999999999999993)]
    public void The_distribution_function_keeps_its_digits_in_the_tail(double z, double expected) =>
        StandardNormal.Below(z).ShouldBe(expected, 1e-12 * expected);

    [Theory]
    [InlineData(1e-300, -37.0470962993612)]
    [InlineData(1e-12, -7.034483825301131)]
    [InlineData(0.01, -2.3263478740408408)]
    [InlineData(0.2, -0.8416212335729142)]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(1, double.PositiveInfinity)]
    public void The_quantile_function_is_its_inverse(double p, double expected)
    {
        if (double.IsInfinity(expected))
            StandardNormal.Quantile(p).ShouldBe(expected);
        else
            StandardNormal.Quantile(p).ShouldBe(expected, 1e-13 * Math.Max(1, Math.Abs(expected)));
    }

    [Theory]
    [InlineData(-1e6, 9.999999999989998e-07)]
    [InlineData(-100, 0.009999000299850106)]
    [InlineData(-6, 0.1623776608968675)]
    [InlineData(-2, 0.4213692292880546)]
    [InlineData(-0.5, 0.8763644564536921)]
    public void Mills_ratio_is_finite_where_distribution_and_density_are_too_small_for_numbers(double z, double expected) =>
        StandardNormal.Mills(z).ShouldBe(expected, 1e-13 * expected);

    [Fact]
    public void The_mass_of_an_interval_far_above_is_that_of_its_mirror() => StandardNormal.Mass(20, 21).ShouldBe(StandardNormal.Mass(-21, -20));
}
