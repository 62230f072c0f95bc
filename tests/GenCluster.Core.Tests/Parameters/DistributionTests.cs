using FsCheck.Xunit;
using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;

namespace GenCluster.Core.Tests.Parameters;

public sealed class DistributionTests
{
    private const double AlmostOne = 1 - 1.0 / (1L << 53);

    [Property(MaxTest = 500)]
    public void Every_quantile_is_a_value_of_the_distribution(int seed)
    {
        var random = new Random(seed);
        var distribution = AnyDistribution(random);

        foreach (double u in (double[])[0, AlmostOne, double.Epsilon, random.NextDouble(), random.NextDouble()])
            distribution.Contains(distribution.Quantile(u)).ShouldBeTrue($"{distribution.Describe()} at {u:R} gives {distribution.Quantile(u)}");
    }

    [Property(MaxTest = 500)]
    public void Quantiles_of_numbers_rise(int seed)
    {
        var random = new Random(seed);
        var distribution = AnyNumeric(random);
        double[] quantiles = [.. Enumerable.Range(0, 20).Select(i => distribution.Quantile(i / 20.0).AsNumber())];

        quantiles.Zip(quantiles.Skip(1)).ShouldAllBe(pair => pair.First <= pair.Second);
    }

    [Fact]
    public void Uniform_goes_from_bound_to_bound()
    {
        var uniform = new Uniform(-2, 6);

        uniform.Quantile(0).ShouldBe(ParameterValue.Of(-2.0));
        uniform.Quantile(0.25).ShouldBe(ParameterValue.Of(0.0));
        uniform.Quantile(0.5).ShouldBe(ParameterValue.Of(2.0));
        uniform.Quantile(AlmostOne).AsNumber().ShouldBe(6, 1e-12);
    }

    [Fact]
    public void Uniform_spans_the_whole_range_of_numbers()
    {
        var all = new Uniform(-double.MaxValue, double.MaxValue);

        all.Quantile(0).ShouldBe(ParameterValue.Of(-double.MaxValue));
        all.Quantile(0.5).ShouldBe(ParameterValue.Of(0.0));
        all.Quantile(AlmostOne).AsNumber().ShouldBeInRange(1.7e308, double.MaxValue);
    }

    [Theory]
    [InlineData(1e-5, 1e-1, 1e-3)]
    [InlineData(1, 16, 4)]
    [InlineData(1e-300, 1e300, 1)]
    public void Median_of_the_log_uniform_is_the_geometric_mean(double min, double max, double median)
    {
        var distribution = new LogUniform(min, max);

        distribution.Quantile(0.5).AsNumber().ShouldBe(median, median * 1e-9);
        distribution.Quantile(0).AsNumber().ShouldBe(min, min * 1e-9);
        distribution.Quantile(AlmostOne).AsNumber().ShouldBe(max, max * 1e-9);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(5, 5)]
    [InlineData(-3, 3)]
    [InlineData(0, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue + 1)]
    [InlineData(long.MaxValue - 1, long.MaxValue)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void Integers_include_both_ends(long min, long max)
    {
        var distribution = new IntUniform(min, max);

        distribution.Quantile(0).ShouldBe(ParameterValue.Of(min));
        distribution.Quantile(AlmostOne).ShouldBe(ParameterValue.Of(max));
    }

    [Fact]
    public void Integers_are_equally_likely()
    {
        var die = new IntUniform(1, 6);

        Enumerable.Range(0, 600).Select(i => die.Quantile((i + 0.5) / 600).AsInteger()).CountBy(n => n).ShouldAllBe(c => c.Value == 100);
    }

    [Fact]
    public void Categories_without_weights_are_equally_likely()
    {
        var colours = new Categorical([ParameterValue.Of("red"), ParameterValue.Of("green"), ParameterValue.Of("blue")], null);

        Enumerable.Range(0, 300).Select(i => colours.Quantile((i + 0.5) / 300).AsText()).CountBy(c => c)
            .ShouldBe([KeyValuePair.Create("red", 100), KeyValuePair.Create("green", 100), KeyValuePair.Create("blue", 100)]);
        colours.Quantile(AlmostOne).ShouldBe(ParameterValue.Of("blue"));
    }

    [Fact]
    public void Categories_come_up_by_weight()
    {
        var loss = new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], [0.2, 0.5, 0.3]);

        Enumerable.Range(0, 1000).Select(i => loss.Quantile((i + 0.5) / 1000).AsText()).CountBy(c => c)
            .ShouldBe([KeyValuePair.Create("a", 200), KeyValuePair.Create("b", 500), KeyValuePair.Create("c", 300)]);
    }

    [Theory]
    [InlineData(0.0, 0.5, 0.5)]
    [InlineData(0.5, 0.0, 0.5)]
    [InlineData(0.5, 0.5, 0.0)]
    [InlineData(0.3, 0.6999999999, 0.0)] // a sum that rounding left below one
    public void A_weight_of_zero_is_never_selected(double a, double b, double c)
    {
        double[] weights = [a, b, c];
        var categorical = new Categorical([ParameterValue.Of(0L), ParameterValue.Of(1L), ParameterValue.Of(2L)], weights);
        var stream = new RandomStream(1, default);
        double[] draws = [0, AlmostOne, 0.5, .. Enumerable.Range(0, 1000).Select(_ => stream.NextDouble())];

        draws.ShouldAllBe(u => weights[categorical.Quantile(u).AsInteger()] > 0);
        for (int i = 0; i < 3; i++)
            categorical.Contains(ParameterValue.Of((long)i)).ShouldBe(weights[i] > 0);
    }

    [Fact]
    public void Values_outside_or_of_another_type_are_not_contained()
    {
        new Uniform(0, 1).Contains(ParameterValue.Of(1.0)).ShouldBeTrue();
        new Uniform(0, 1).Contains(ParameterValue.Of(1.1)).ShouldBeFalse();
        new Uniform(0, 1).Contains(ParameterValue.Of(double.NaN)).ShouldBeFalse();
        new Uniform(0, 1).Contains(ParameterValue.Of(1L)).ShouldBeFalse();
        new LogUniform(0.1, 1).Contains(ParameterValue.Of(0.05)).ShouldBeFalse();
        new LogUniform(0.1, 1).Contains(ParameterValue.Of("0.5")).ShouldBeFalse();
        new IntUniform(1, 6).Contains(ParameterValue.Of(7L)).ShouldBeFalse();
        new IntUniform(1, 6).Contains(ParameterValue.Of(3.0)).ShouldBeFalse();
        new Constant(ParameterValue.Of(3L)).Contains(ParameterValue.Of(3.0)).ShouldBeFalse();
        new Categorical([ParameterValue.Of(3L)], null).Contains(ParameterValue.Of(4L)).ShouldBeFalse();
    }

    [Fact]
    public void Descriptions_are_one_short_phrase()
    {
        new Constant(ParameterValue.Of(0.5)).Describe().ShouldBe("0.5");
        new Categorical([ParameterValue.Of("hinge"), ParameterValue.Of("wgan")], [0.25, 0.75]).Describe().ShouldBe("one of hinge, wgan");
        new Uniform(0, 0.9).Describe().ShouldBe("uniform 0 to 0.9");
        new LogUniform(1e-5, 1e-2).Describe().ShouldBe("log-uniform 1E-05 to 0.01");
        new IntUniform(-1, 6).Describe().ShouldBe("integer -1 to 6");
        new IntLogUniform(1, 64).Describe().ShouldBe("log-uniform integer 1 to 64");
        new Normal(0, 2).Describe().ShouldBe("normal 0 ± 2");
        new Normal(0, 2, -1, 1).Describe().ShouldBe("normal 0 ± 2 within -1 to 1");
        new Normal(0, 2, -1).Describe().ShouldBe("normal 0 ± 2 from -1");
        new LogNormal(0, 1, null, 5).Describe().ShouldBe("log-normal 0 ± 1 up to 5");
        new Beta(2, 5).Describe().ShouldBe("beta 2, 5");
        new Quantized(new Uniform(0, 1), 0.25).Describe().ShouldBe("0 to 1 in steps of 0.25");
        new Quantized(new LogUniform(1, 100), 5, Integers: true).Describe().ShouldBe("log-uniform 1 to 100 in steps of 5");
    }

    [Fact]
    public void Distributions_compare_by_value()
    {
        Distribution categorical = new Categorical([ParameterValue.Of(1L), ParameterValue.Of(2L)], [0.5, 0.5]);
        Distribution same = new Categorical([ParameterValue.Of(1L), ParameterValue.Of(2L)], [0.5, 0.5]);

        categorical.ShouldBe(same);
        categorical.GetHashCode().ShouldBe(same.GetHashCode());
        categorical.ShouldNotBe(new Categorical([ParameterValue.Of(1L), ParameterValue.Of(2L)], [0.4, 0.6]));
        categorical.ShouldNotBe(new Categorical([ParameterValue.Of(1L), ParameterValue.Of(2L)], null));
        categorical.ShouldNotBe(new Categorical([ParameterValue.Of(2L), ParameterValue.Of(1L)], [0.5, 0.5]));
        new Uniform(0, 1).ShouldBe(new Uniform(0, 1));
        ((Distribution)new Uniform(0, 1)).ShouldNotBe(new LogUniform(0, 1));
    }

    [Property(MaxTest = 1000)]
    public void A_value_comes_back_from_its_position(int seed)
    {
        var random = new Random(seed);
        var distribution = AnyDistribution(random);

        foreach (double u in (double[])[0, AlmostOne, random.NextDouble(), random.NextDouble(), random.NextDouble()])
        {
            var value = distribution.Quantile(u);
            double position = distribution.Position(value);
            var back = distribution.Quantile(position);

            position.ShouldBeInRange(0, AlmostOne);
            if (distribution is Continuous)
                Math.Abs(distribution.Position(back) - position).ShouldBeLessThan(1e-9, $"{distribution.Describe()} at {u:R} gives {value}");
            else
                back.ShouldBe(value, $"{distribution.Describe()} at {u:R}");
        }
    }

    [Property(MaxTest = 500)]
    public void What_a_distribution_cannot_give_has_position_zero(int seed)
    {
        var distribution = AnyNumeric(new Random(seed));

        foreach (var value in (ParameterValue[])[ParameterValue.Of("a"), ParameterValue.Of(true), ParameterValue.Of(double.NaN), ParameterValue.Of(double.PositiveInfinity)])
        {
            distribution.Contains(value).ShouldBeFalse();
            distribution.Position(value).ShouldBe(0);
        }
    }

    private static Distribution AnyDistribution(Random random) => random.Next(3) switch
    {
        0 => new Constant(ParameterValue.Of(AnyNumber(random))),
        1 => AnyCategorical(random),
        _ => AnyNumeric(random),
    };

    private static Distribution AnyNumeric(Random random)
    {
        double a = AnyNumber(random), b = AnyNumber(random);
        long i = random.NextInt64(long.MinValue, long.MaxValue), j = random.NextInt64(long.MinValue, long.MaxValue);
        return random.Next(7) switch
        {
            0 => new Uniform(Math.Min(a, b), Math.Max(a, b)),
            1 => new LogUniform(Math.Min(Math.Abs(a), Math.Abs(b)), Math.Max(Math.Abs(a), Math.Abs(b))),
            2 => new IntUniform(Math.Min(i, j), Math.Max(i, j)),
            3 => new IntUniform(i % 100, i % 100 + Math.Abs(j % 10)),
            4 => new IntLogUniform(1 + Math.Abs(i % 100), 101 + Math.Abs(j % (random.Next(2) == 0 ? 1000 : IntLogUniform.Largest - 200))),
            5 => AnyContinuous(random),
            _ => AnyQuantized(random),
        };
    }

    /// <summary>Of moderate size, as hyperparameters are.</summary>
    private static Continuous AnyContinuous(Random random)
    {
        double a = random.NextDouble() * 10 - 5, width = random.NextDouble() * 6 + 0.1, deviation = random.NextDouble() * 3 + 0.1;
        return random.Next(8) switch
        {
            0 => new Uniform(a, a + width),
            1 => new LogUniform(Math.Exp(a), Math.Exp(a + width)),
            2 => new Normal(a, deviation),
            3 => new Normal(a, deviation, a + random.NextDouble() * 20 - 10, a + 12),
            4 => new Normal(a, deviation, random.Next(2) == 0 ? a + 1 : null, a + 2),
            5 => new LogNormal(a, deviation),
            6 => new LogNormal(a, deviation, Math.Exp(a), random.Next(2) == 0 ? Math.Exp(a + width) : null),
            _ => new Beta(Math.Exp(a), Math.Exp(random.NextDouble() * 10 - 4)),
        };
    }

    private static Quantized AnyQuantized(Random random)
    {
        while (true)
        {
            double step = random.Next(3) switch { 0 => random.Next(1, 5), 1 => Math.Pow(10, random.Next(-3, 1)), _ => random.NextDouble() };
            bool integers = random.Next(2) == 0 && double.IsInteger(step);
            Quantized quantized = random.Next(4) == 0
                ? Quantized.Evenly(random.Next(-3, 3), random.Next(4, 20), step, integers)
                : new(AnyContinuous(random), step, integers, integers ? random.Next(3) : random.NextDouble());
            if (quantized.Fault is null)
                return quantized;
        }
    }

    private static Categorical AnyCategorical(Random random)
    {
        double[] weights = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.NextDouble() < 0.3 ? 0 : random.NextDouble())];
        weights[random.Next(weights.Length)] = 1;
        ParameterValue[] values = [.. weights.Select((_, i) => ParameterValue.Of((long)i))];
        return new Categorical(values, random.Next(2) == 0 ? null : [.. weights.Select(w => w / weights.Sum())]);
    }

    /// <summary>Of any sign and magnitude, never zero.</summary>
    private static double AnyNumber(Random random) => (random.Next(2) * 2 - 1) * (random.NextDouble() + 0.1) * Math.Pow(10, random.Next(-300, 308));
}
