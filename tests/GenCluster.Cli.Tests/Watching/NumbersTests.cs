using GenCluster.Cli.Watching;

namespace GenCluster.Cli.Tests.Watching;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.23456, "1.235")]
    [InlineData(-41.2345, "-41.23")]
    [InlineData(98765.4, "98765")]
    [InlineData(0.00021, "0.0002100")]
    [InlineData(0.000021, "2.1e-5")]
    [InlineData(123456789, "1.235e8")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Shows_four_significant_digits(double value, string expected) => Numbers.Significant(value, 4).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(3599, "59m59s")]
    [InlineData(3660, "1h01m")]
    [InlineData(90000, "1d01h")]
    public void Shows_durations_with_two_units(double seconds, string expected) => Numbers.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);
}
