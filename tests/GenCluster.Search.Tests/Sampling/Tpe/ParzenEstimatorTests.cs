using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;
using GenCluster.Search.Sampling.Knowledge;
using GenCluster.Search.Sampling.Tpe;

namespace GenCluster.Search.Tests.Sampling.Tpe;

public sealed class ParzenEstimatorTests
{
    private static readonly TpeOptions Options = BandwidthsTests.Options();
    private static readonly Axis Real = Axis(new Uniform(-1, 1));
    private static readonly Axis Integer = Axis(new IntUniform(1, 5));
    private static readonly Axis Choice = Axis(new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], null));

    [Fact]
    public void One_observation_of_a_choice_of_three_triples_its_probability()
    {
        // Optuna's vector: the observation's kernel is 0.2, 0.6, 0.2, the prior's a third each.
        var estimator = new ParzenEstimator([Choice], [[1]], Options);

        Probabilities(estimator, 3).ShouldBe([0.5 * (0.2 + 1.0 / 3), 0.5 * (0.6 + 1.0 / 3), 0.5 * (0.2 + 1.0 / 3)], 1e-12);
    }

    [Fact]
    public void The_prior_of_a_weighted_choice_has_its_weights()
    {
        var weighted = Axis(new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")], [0.7, 0.3, 0]));

        Probabilities(new ParzenEstimator([weighted], [], Options), 2).ShouldBe([0.7, 0.3], 1e-12);
    }

    [Fact]
    public void Without_a_prior_only_what_was_seen_is_likely() =>
        Probabilities(new ParzenEstimator([Choice], [[1]], Options with { PriorWeight = 0 }), 3).ShouldBe([0, 1, 0], 1e-12);

    [Fact]
    public void Without_observations_the_density_is_the_priors_alone()
    {
        // A normal distribution around the middle as wide as the interval, cut off at its ends: Φ(½) - Φ(-½) = 0.38292.
        var estimator = new ParzenEstimator([Real], [], Options);

        Math.Exp(Log(estimator, 0.5)).ShouldBe(0.39894228040143 / 0.38292492254802, 1e-9);
        Math.Exp(Log(estimator, 0)).ShouldBe(0.39894228040143 * Math.Exp(-0.125) / 0.38292492254802, 1e-9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_density_over_an_interval_adds_up_to_one(bool multivariate)
    {
        var estimator = new ParzenEstimator([Real], [[0.1], [0.15], [0.9], [0.999]], Options with { Multivariate = multivariate });

        Enumerable.Range(0, 10_000).Average(i => Math.Exp(Log(estimator, (i + 0.5) / 10_000))).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void The_probabilities_of_integers_add_up_to_one()
    {
        var estimator = new ParzenEstimator([Integer], [[0.1], [0.1], [0.9]], Options);

        double[] probabilities = [.. Enumerable.Range(0, 5).Select(i => Math.Exp(Log(estimator, (i + 0.5) / 5)))];

        probabilities.Sum().ShouldBe(1, 1e-9);
        probabilities[0].ShouldBeGreaterThan(probabilities[2]);
    }

    [Fact]
    public void Kernels_are_products_over_the_axes()
    {
        // Both axes agree on which kernel a point belongs to; a product of two densities of one axis each would not see it.
        var together = new ParzenEstimator([Real, Choice], [[0.1, 0], [0.9, 1]], Options with { PriorWeight = 0 });

        Math.Exp(Log(together, 0.1, 0)).ShouldBeGreaterThan(100 * Math.Exp(Log(together, 0.1, 1)));
        Enumerable.Range(0, 3).Sum(c => Enumerable.Range(0, 2_000).Average(i => Math.Exp(Log(together, (i + 0.5) / 2_000, c)))).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Draws_follow_the_density()
    {
        var estimator = new ParzenEstimator([Real, Integer, Choice], [[0.05, 0.1, 0], [0.7, 0.9, 2], [0.75, 0.9, 2]], Options);
        var stream = new RandomStream(5, new StreamAddress(StreamPurpose.Search));
        double[][] draws = [.. Enumerable.Range(0, 20_000).Select(_ => estimator.Draw(stream))];

        for (int part = 0; part < 4; part++)
        {
            double expected = Enumerable.Range(0, 200).Average(i => Enumerable.Range(0, 5).Sum(n => Enumerable.Range(0, 3).Sum(c =>
                Math.Exp(Log(estimator, (part + (i + 0.5) / 200) / 4, (n + 0.5) / 5, c))))) / 4;
            ((double)draws.Count(d => (int)(d[0] * 4) == part)).ShouldBe(20_000 * expected, 350); // five deviations
        }

        draws.ShouldAllBe(d => d[0] >= 0 && d[0] < 1 && Integer.Snap(d[1]) == d[1] && d[2] >= 0 && d[2] <= 2);
    }

    private static Axis Axis(Distribution distribution) => new(new Parameter("p", distribution));

    private static double Log(ParzenEstimator estimator, params double[] point) => estimator.Log(point, new double[16]);

    private static double[] Probabilities(ParzenEstimator estimator, int values) => [.. Enumerable.Range(0, values).Select(i => Math.Exp(Log(estimator, i)))];
}
