using GenCluster.Core.Parameters;

namespace GenCluster.Core.Tests.Parameters;

public sealed class QuantizedTests
{
    [Theory]
    [InlineData(0, 1, 0.1, "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1")]
    [InlineData(0.05, 0.99, 0.25, "0.25 0.5 0.75")]
    [InlineData(0.7, 0.9, 0.1, "0.7 0.8 0.9")]
    [InlineData(-0.3, 0.3, 0.2, "-0.2 0 0.2")]
    [InlineData(0.2, 0.6, 0.2, "0.2 0.4 0.6")]
    [InlineData(4, 11, 5, "5 10")]
    public void Values_are_multiples_within_the_bounds(double min, double max, double step, string expected)
    {
        var distribution = new Quantized(new Uniform(min, max), step);

        ValuesOf(distribution).ShouldBe(expected);
        distribution.Count.ShouldBe(expected.Count(c => c == ' ') + 1);
        distribution.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData(1, 9, 2, true, "1 3 5 7 9")]
    [InlineData(1, 10, 4, true, "1 5 9")]
    [InlineData(0.01, 0.05, 0.02, false, "0.01 0.03 0.05")]
    [InlineData(0, 0.6, 0.2, false, "0 0.2 0.4 0.6")]
    [InlineData(3, 4, 5, true, "3")]
    public void Steps_from_the_lower_bound_are_equally_likely(double min, double max, double step, bool integers, string expected)
    {
        var distribution = Quantized.Evenly(min, max, step, integers);

        ValuesOf(distribution).ShouldBe(expected);
        int count = (int)distribution.Count!;
        Enumerable.Range(0, count * 10).CountBy(i => distribution.Quantile((i + 0.5) / (count * 10))).ShouldAllBe(c => c.Value == 10);
        distribution.Quantile(0).Kind.ShouldBe(integers ? ParameterKind.Integer : ParameterKind.Number);
    }

    [Fact]
    public void A_rounded_uniform_number_is_half_as_likely_at_its_ends()
    {
        var distribution = new Quantized(new Uniform(0, 1), 0.5);

        Enumerable.Range(0, 100).CountBy(i => distribution.Quantile((i + 0.5) / 100).AsNumber())
            .ShouldBe([KeyValuePair.Create(0.0, 25), KeyValuePair.Create(0.5, 50), KeyValuePair.Create(1.0, 25)]);
    }

    [Fact]
    public void Tails_end_where_nobody_draws()
    {
        var distribution = new Quantized(new Normal(0, 1), 1, Integers: true);

        ValuesOf(distribution).ShouldBe("-6 -5 -4 -3 -2 -1 0 1 2 3 4 5 6");
        distribution.Contains(ParameterValue.Of(7L)).ShouldBeFalse();
        distribution.Contains(ParameterValue.Of(1.0)).ShouldBeFalse();
        ValuesOf(new Quantized(new Normal(0, 1, Max: 0.9), 0.5)).ShouldEndWith(" 0 0.5");
    }

    [Fact]
    public void Compare_by_value_whatever_they_were_asked_before()
    {
        var asked = new Quantized(new Uniform(0, 1), 0.5);
        asked.Quantile(0.5);

        asked.ShouldBe(new Quantized(new Uniform(0, 1), 0.5));
        asked.GetHashCode().ShouldBe(new Quantized(new Uniform(0, 1), 0.5).GetHashCode());
        ValuesOf(asked with { Step = 1 }).ShouldBe("0 1");
        asked.ShouldNotBe(asked with { Origin = 0.1 });
    }

    [Fact]
    public void What_cannot_be_drawn_from_says_why()
    {
        new Quantized(new Uniform(0.1, 0.4), 0.5).Fault.ShouldBe("no step of 0.5 within its bounds");
        new Quantized(new Uniform(0, 1), 0).Fault.ShouldBe("steps of 0 from 0");
        new Quantized(new Uniform(0, 1), double.NaN).Fault.ShouldNotBeNull();
        new Quantized(new Uniform(0, 1), 0.5, Integers: true).Fault.ShouldBe("integers in steps of 0.5 from 0");
        new Quantized(new Uniform(0, 1), 1e-13).Fault.ShouldBe("more steps of 1E-13 than can be told apart");
        new Quantized(new Uniform(-1e308, 1e308), 1e-300).Fault.ShouldNotBeNull();
        new Quantized(new Uniform(1e19, 2e19), 1e15, Integers: true).Fault.ShouldNotBeNull();
        new Quantized(new Uniform(1, 0), 1).Fault.ShouldBe("a range from 1 to 0");
        new Quantized(null!, 1).Fault.ShouldNotBeNull();
        new Quantized(new IntUniform(0, 5), 1).Fault.ShouldNotBeNull();
        new Normal(0, 0).Fault.ShouldNotBeNull();
        new Normal(double.MaxValue, 1).Fault.ShouldBeNull();
        new Normal(double.MaxValue, double.MaxValue).Fault.ShouldNotBeNull();
        new Normal(0, 1, 50, 60).Fault.ShouldBe("bounds so far from the mean that nothing lies between them");
        new Normal(0, 1, 2, 1).Fault.ShouldBe("a range from 2 to 1");
        new LogNormal(0, 1, Min: 0).Fault.ShouldNotBeNull();
        new LogNormal(0, 100).Fault.ShouldNotBeNull();
        new LogNormal(0, double.NaN).Fault.ShouldNotBeNull();
        new Beta(0, 1).Fault.ShouldNotBeNull();
        new Beta(1, double.NaN).Fault.ShouldNotBeNull();
        new IntLogUniform(0, 5).Fault.ShouldNotBeNull();
        new IntLogUniform(1, long.MaxValue).Fault.ShouldNotBeNull();
        new LogUniform(0, 1).Fault.ShouldNotBeNull();
        new Uniform(0, double.PositiveInfinity).Fault.ShouldNotBeNull();
        new IntUniform(2, 1).Fault.ShouldNotBeNull();
        new Categorical([], null).Fault.ShouldNotBeNull();
        new Categorical([ParameterValue.Of(1L)], [1, 2]).Fault.ShouldNotBeNull();
        new Categorical([ParameterValue.Of(1L)], [0]).Fault.ShouldNotBeNull();
    }

    private static string ValuesOf(Distribution distribution) =>
        string.Join(' ', Enumerable.Range(0, 1_000_000).Select(i => distribution.Quantile(i / 1e6)).Append(distribution.Quantile(1 - 1e-12)).Prepend(distribution.Quantile(1e-12)).Distinct());
}
