using GenCluster.Search.Sampling.Gp;

namespace GenCluster.Search.Tests.Sampling.Gp;

public sealed class LogImprovementTests
{
    // ln h(z): by SciPy's erfcx, and below -30 by the asymptotic series 1 - 3/z² + 15/z⁴ - ...
    [Theory]
    [InlineData(3, 1.0987396653277077)]
    [InlineData(0.5, -0.35982768374506374)]
    [InlineData(-0.5, -1.6205162643873197)]
    [InlineData(-1.5, -3.529935920805711)]
    [InlineData(-5, -16.744301162660985)]
    [InlineData(-30, -457.72465376059796)]
    [InlineData(-1e3, -500014.73445209116)]
    [InlineData(-9e4, -4050000023.7340684)]
    [InlineData(-1e6, -500000000028.55)]
    public void The_logarithm_is_exact_from_certain_gain_to_hopeless(double z, double expected) =>
        LogImprovement.At(-z, 1, 0).Value.ShouldBe(expected, 1e-9 * Math.Max(1, Math.Abs(expected)));

    [Theory]
    [InlineData(-2.0, 0.7)]
    [InlineData(0.5, 0.1)]
    [InlineData(3.0, 0.2)]
    [InlineData(40, 0.3)]
    public void The_slopes_are_those_of_the_value(double mean, double deviation)
    {
        const double step = 1e-6;
        var (_, byMean, byDeviation) = LogImprovement.At(mean, deviation, 0);

        double expectedByMean = (LogImprovement.At(mean + step, deviation, 0).Value - LogImprovement.At(mean - step, deviation, 0).Value) / (2 * step);
        double expectedByDeviation = (LogImprovement.At(mean, deviation + step, 0).Value - LogImprovement.At(mean, deviation - step, 0).Value) / (2 * step);

        byMean.ShouldBe(expectedByMean, 1e-4 * Math.Abs(expectedByMean) + 1e-6);
        byDeviation.ShouldBe(expectedByDeviation, 1e-4 * Math.Abs(expectedByDeviation) + 1e-6);
    }

    [Fact]
    public void A_better_mean_and_a_larger_doubt_are_more_promising()
    {
        LogImprovement.At(1, 0.1, 0).Value.ShouldBeGreaterThan(LogImprovement.At(2, 0.1, 0).Value);
        LogImprovement.At(1, 0.2, 0).Value.ShouldBeGreaterThan(LogImprovement.At(1, 0.1, 0).Value);
    }
}
