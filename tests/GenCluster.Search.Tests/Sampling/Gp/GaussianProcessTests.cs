using GenCluster.Core.Parameters;
using GenCluster.Search.Sampling.Gp;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Tests.Sampling.Gp;

public sealed class GaussianProcessTests
{
    private static readonly Features Features = new(new Axes(new ParameterSpace(
    [
        new("choice", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null)),
        new("x", new Uniform(0, 1)),
        new("y", new Uniform(0, 1), new Predicate("choice == 'a'")),
    ])));

    private static readonly double[][] Points =
    [
        .. new double[][] { [0, 0.1, 0.9], [0, 0.4, 0.2], [1, 0.8, double.NaN], [1, 0.3, double.NaN], [0, 0.7, 0.6], [0, 0.95, 0.05] }.Select(Features.Of),
    ];

    private static readonly double[] Targets = [0.3, -1.2, 1.1, -0.4, 0.2, 0.9];

    private static readonly KernelSettings Settings = new([0.7, 3, 1.5, 0.4], 1.3, 1e-4);

    [Theory]
    [InlineData(1, 0.52399411)]
    [InlineData(4, 0.13866022)]
    public void The_covariance_is_Materns_of_order_five_halves(double squaredDistance, double value)
    {
        const double step = 1e-6;
        var at = Matern.At(squaredDistance);

        at.Value.ShouldBe(value, 1e-8);
        at.Slope.ShouldBe((Matern.At(squaredDistance + step).Value - Matern.At(squaredDistance - step).Value) / (2 * step), 1e-8);
        Matern.At(0).ShouldBe((1, -5.0 / 6));
    }

    [Fact]
    public void A_hyperparameter_that_is_missing_tells_by_its_condition_alone()
    {
        Features.Count.ShouldBe(4);
        Features.Of([1, 0.3, double.NaN]).ShouldBe([1, 0.3, 0.5, 0]);
        Features.Of([0, 0.3, 0.2]).ShouldBe([0, 0.3, 0.2, 1]);
    }

    [Fact]
    public void Mean_and_variance_are_those_of_the_textbook()
    {
        // With one observation: mean k y / (s + n), variance s - k² / (s + n).
        double[] point = Features.Of([0, 0.5, 0.5]);
        var process = new GaussianProcess(Features, Settings, [Points[0]], [0.3]);
        double k = 1.3 * Matern.At(3 * 0.4 * 0.4 + 1.5 * 0.4 * 0.4).Value;

        var (mean, variance) = process.At(point);

        mean.ShouldBe(k * 0.3 / 1.3001, 1e-12);
        variance.ShouldBe(1.3 - k * k / 1.3001, 1e-12);
    }

    [Fact]
    public void It_goes_through_the_data_and_is_sure_there()
    {
        var process = new GaussianProcess(Features, Settings with { Noise = 1e-9 }, Points, Targets);

        for (int i = 0; i < Points.Length; i++)
        {
            process.At(Points[i]).Mean.ShouldBe(Targets[i], 1e-6);
            process.At(Points[i]).Variance.ShouldBeLessThan(1e-6);
        }
    }

    [Fact]
    public void Its_slopes_are_those_of_mean_and_variance()
    {
        const double step = 1e-6;
        var process = new GaussianProcess(Features, Settings, Points, Targets);
        double[] point = Features.Of([0, 0.55, 0.35]), byMean = new double[4], byVariance = new double[4];

        var at = process.At(point, byMean, byVariance);

        at.ShouldBe((process.At(point).Mean, at.Variance));
        at.Variance.ShouldBe(process.At(point).Variance, 1e-10);
        foreach (int i in new[] { 1, 2 })
        {
            double[] up = [.. point], down = [.. point];
            (up[i], down[i]) = (point[i] + step, point[i] - step);
            byMean[i].ShouldBe((process.At(up).Mean - process.At(down).Mean) / (2 * step), 1e-5);
            byVariance[i].ShouldBe((process.At(up).Variance - process.At(down).Variance) / (2 * step), 1e-5);
        }

        (byMean[0], byMean[3]).ShouldBe((0, 0)); // choices have none
    }

    [Fact]
    public void Believing_in_a_running_trial_leaves_the_mean_and_takes_the_doubt()
    {
        double[] running = Features.Of([0, 0.55, 0.35]), elsewhere = Features.Of([1, 0.6, double.NaN]);
        var process = new GaussianProcess(Features, Settings, Points, Targets);
        var believing = process.Believing([running]);

        believing.At(elsewhere).Mean.ShouldBe(process.At(elsewhere).Mean, 1e-9);
        believing.At(running).Variance.ShouldBeLessThan(2e-4);
        process.At(running).Variance.ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void The_slopes_of_the_posterior_are_those_of_its_value()
    {
        const double step = 1e-5;
        var likelihood = new MarginalLikelihood(Features, Points, Targets, 1e-6);
        double[] at = [0.3, 1.2, -0.5, 0.1, 0.4, -5], gradient = new double[6], ignored = new double[6];

        likelihood.Loss(at, gradient);

        for (int i = 0; i < at.Length; i++)
        {
            double[] up = [.. at], down = [.. at];
            (up[i], down[i]) = (at[i] + step, at[i] - step);
            gradient[i].ShouldBe((likelihood.Loss(up, ignored) - likelihood.Loss(down, ignored)) / (2 * step), 1e-5, $"parameter {i}");
        }
    }

    [Fact]
    public void The_likelihood_of_one_value_is_that_of_the_normal_distribution()
    {
        // ½ y² / (s + n) + ½ ln(s + n), less the priors: 1 + 1 at w = 1 with four weights, s = 1, n = e^-3 + 1e-6.
        double noise = Math.Exp(-3) + 1e-6;
        var likelihood = new MarginalLikelihood(Features, [Points[0]], [1.5], 1e-6);

        double loss = likelihood.Loss([0, 0, 0, 0, 0, -3], new double[6]);

        loss.ShouldBe(0.5 * 2.25 / (1 + noise) + 0.5 * Math.Log(1 + noise) + 4 * 0.2 + 1 - 0.1 * Math.Log(noise) + 30 * noise, 1e-9);
    }

    [Fact]
    public void The_fit_finds_which_hyperparameter_matters()
    {
        double[][] points = [.. Enumerable.Range(0, 30).Select(i => Features.Of([0, i * 0.618 % 1, i * 0.414 % 1]))];
        double[] targets = [.. points.Select(p => Math.Sin(7 * p[1]))];

        var fitted = GaussianProcess.Fit(Features, points, targets, 1e-6);

        fitted.Weights[1].ShouldBeGreaterThan(10 * fitted.Weights[2]);
        fitted.Noise.ShouldBeLessThan(0.01);
    }
}
