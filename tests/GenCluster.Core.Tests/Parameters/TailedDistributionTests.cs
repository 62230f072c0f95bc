using GenCluster.Core.Parameters;
using GenCluster.Core.Parameters.Quantiles;

namespace GenCluster.Core.Tests.Parameters;

/// <summary>Known quantiles: of the normal distribution from tables, of the beta distribution where it has a closed form.</summary>
public sealed class TailedDistributionTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.01, -2.3263478740408408)]
    [InlineData(1e-5, -4.2648907939228256)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1e-100, -21.273453560965876)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.6, 0.2533471031357998)]
    public void Normal_quantiles(double p, double z)
    {
        StandardNormal.Quantile(p).ShouldBe(z, 1e-9);
        new Normal(10, 2).At(p).ShouldBe(10 + 2 * Math.Max(z, -8.3), p < 1e-20 ? 1 : 1e-9);
    }

    [Theory]
    [InlineData(-37, 5.725571222525139e-300)]
    [InlineData(-10, 7.619853024160593e-24)]
    [InlineData(-7.2, 3.0106279811174455e-13)]
    [InlineData(-6, 9.865876450377012e-10)]
    [InlineData(-3, 0.0013498980316300957)]
    [InlineData(-1, 0.15865525393145707)]
    [InlineData(0, 0.5)]
    [InlineData(0.7, 0.758036347776927)]
    [InlineData(5, 0.9999997133484281)]
    public void Normal_distribution_function(double z, double p) => (StandardNormal.Below(z) / p).ShouldBe(1, 1e-10);

    [Fact]
    public void Normal_at_the_ends_is_infinite_and_drawn_values_are_not()
    {
        StandardNormal.Quantile(0).ShouldBe(double.NegativeInfinity);
        StandardNormal.Quantile(1).ShouldBe(double.PositiveInfinity);
        StandardNormal.Below(double.NaN).ShouldBe(double.NaN);
        new Normal(0, 1).At(0).ShouldBe(-8.3, 0.1);
        new Normal(0, 1).At(1 - 1.0 / (1L << 53)).ShouldBe(8.2, 0.1);
        new Normal(0, 1, Min: -3).At(1 - 1.0 / (1L << 53)).ShouldBe(8.2, 0.1);
    }

    [Fact]
    public void Bounds_cut_the_normal_distribution()
    {
        // Half of it lies above the mean: its quantile u is that of 1/2 + u/2 without a bound.
        new Normal(0, 1, Min: 0).At(0.9).ShouldBe(1.6448536269514722, 1e-9);
        new Normal(0, 1, Max: 0).At(0.1).ShouldBe(-1.6448536269514722, 1e-9);
        new Normal(0, 1, -1, 1).At(0.5).ShouldBe(0, 1e-12);
        new Normal(0, 1, -1, 1).At(0).ShouldBe(-1, 1e-9);
    }

    [Fact]
    public void Far_out_the_tail_is_exponential()
    {
        // Beyond 20 deviations: P(X > 20 + t | X > 20) is about exp(-20 t - t²/2), and the other side is its mirror.
        double median = new Normal(0, 1, Min: 20).At(0.5);

        median.ShouldBe(20.0344, 1e-3);
        new Normal(0, 1, Max: -20).At(0.5).ShouldBe(-median, 1e-9);
    }

    [Fact]
    public void Log_normal_is_the_exponential_of_normal()
    {
        new LogNormal(1, 2).At(0.975).ShouldBe(Math.Exp(1 + 2 * 1.9599639845400545), 1e-7);
        new LogNormal(0, 1, Min: 1).At(0.9).ShouldBe(Math.Exp(1.6448536269514722), 1e-9);
        new LogNormal(0, 1, 0.5, 2).At(0).ShouldBe(0.5, 1e-12);
        new LogNormal(0, 1).Contains(ParameterValue.Of(0.0)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.01)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(0.999999)]
    public void Beta_quantiles_that_have_a_closed_form(double u)
    {
        Near(new Beta(1, 1).At(u), u);
        Near(new Beta(3, 1).At(u), Math.Cbrt(u));
        Near(new Beta(0.5, 0.5).At(u), Math.Pow(Math.Sin(Math.PI * u / 2), 2));
        double x = new Beta(1, 4).At(u);
        Near(x * (4 - 6 * x + 4 * x * x - x * x * x), u);
        x = new Beta(2, 2).At(u);
        Near(x * x * (3 - 2 * x), u);
        x = new Beta(2, 3).At(u);
        Near(x * x * (6 - 8 * x + 3 * x * x), u);

        static void Near(double value, double expected) => (value / expected).ShouldBe(1, 1e-9);
    }

    [Theory]
    [InlineData(0.01, 0.01)]
    [InlineData(10_000, 10_000)]
    [InlineData(0.01, 10_000)]
    [InlineData(5_000, 0.5)]
    public void Beta_is_its_own_mirror_and_rises(double a, double b)
    {
        double[] quantiles = [.. Enumerable.Range(0, 21).Select(i => new Beta(a, b).At(i / 20.0))];

        quantiles.Zip(quantiles.Skip(1)).ShouldAllBe(pair => pair.First <= pair.Second);
        foreach (double x in quantiles.Where(x => x is > 1e-3 and < 0.999).Append(0.25))
            IncompleteBeta.Below(x, a, b).ShouldBe(1 - IncompleteBeta.Below(1 - x, b, a), 1e-9);
        if (a == b)
            quantiles[10].ShouldBe(0.5, 1e-9);
    }

    [Fact]
    public void Logarithmic_integers_give_both_ends_a_whole_interval()
    {
        var layers = new IntLogUniform(1, 64);
        double Share(long n) => Math.Log((n + 0.5) / (n - 0.5)) / Math.Log(64.5 / 0.5);

        var counts = Enumerable.Range(0, 100_000).CountBy(i => layers.Quantile((i + 0.5) / 100_000).AsInteger()).ToDictionary();
        foreach (long n in (long[])[1, 2, 10, 63, 64])
            ((double)counts[n]).ShouldBe(Share(n) * 100_000, 2);
        layers.Count.ShouldBe(64);
    }
}
