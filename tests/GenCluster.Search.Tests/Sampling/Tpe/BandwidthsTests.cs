using GenCluster.Search.Sampling.Tpe;

namespace GenCluster.Search.Tests.Sampling.Tpe;

/// <summary>The vectors of Optuna's tests, which are over [-1, 1]: halved here for the unit interval.</summary>
public sealed class BandwidthsTests
{
    [Theory]
    [InlineData(true, new[] { 0.4 }, new[] { 1.4 })]
    [InlineData(false, new[] { 0.4 }, new[] { 1.4 })]
    [InlineData(true, new[] { -0.3, 0.3 }, new[] { 0.7, 0.7 })]
    [InlineData(false, new[] { -0.3, 0.3 }, new[] { 0.6, 0.6 })]
    [InlineData(false, new[] { -0.4, 0.4, 0.41, 0.42 }, new[] { 0.8, 0.8, 0.01, 0.01 })]
    [InlineData(true, new[] { -0.4, 0.4, 0.41, 0.42 }, new[] { 0.8, 0.8, 0.01, 0.58 })]
    [InlineData(true, new[] { 0.42, 0.4, -0.4, 0.41 }, new[] { 0.58, 0.8, 0.8, 0.01 })]
    public void A_kernel_is_as_wide_as_the_larger_gap_to_its_neighbours(bool considerEndpoints, double[] centers, double[] expected) =>
        ShouldBe(Bandwidths.ByGaps(Halved(centers), Options(considerEndpoints, magicClip: false)), expected);

    [Fact]
    public void The_magic_clip_keeps_few_kernels_wide() =>
        ShouldBe(Bandwidths.ByGaps(Halved([-0.4, 0.4, 0.41, 0.42]), Options(considerEndpoints: true, magicClip: true)), [0.8, 0.8, 1.0 / 3, 0.58]);

    [Fact]
    public void The_clip_goes_down_to_a_hundredth_of_the_range() =>
        Bandwidths.ByGaps([.. Enumerable.Repeat(0.5, 500)], Options(false, magicClip: true)).ShouldAllBe(width => width == 0.01);

    [Theory]
    [InlineData(1, 1, 0.33333333333333331)]
    [InlineData(100, 1, 0.079621434110699461)]
    [InlineData(100, 5, 0.119896850063788)]
    public void Over_several_axes_all_kernels_are_equally_wide(int kernels, int axes, double expected)
    {
        // 0.2 n^(-1 / (d + 4)), but at least 1 / (n + 2)
        double[] widths = Bandwidths.Joint(kernels, axes, Options(false, magicClip: true));

        widths.Length.ShouldBe(kernels);
        widths.ShouldAllBe(width => Math.Abs(width - expected) < 1e-12);
    }

    [Fact]
    public void Old_trials_weigh_less()
    {
        Bandwidths.Weights(0, 1).ShouldBe([1]);
        Bandwidths.Weights(25, 2).ShouldBe([.. Enumerable.Repeat(1.0, 25), 2]);
        Bandwidths.Weights(26, 1).ShouldBe([1.0 / 26, .. Enumerable.Repeat(1.0, 26)]);

        double[] weights = Bandwidths.Weights(29, 1); // 1/29 to 1 in four even steps
        weights.Take(4).ShouldBe([1.0 / 29, 1.0 / 29 + 28.0 / 87, 1.0 / 29 + 56.0 / 87, 1], 1e-12);
        weights.Skip(4).ShouldBe(Enumerable.Repeat(1.0, 26));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(250, 25)]
    [InlineData(1000, 25)]
    public void A_tenth_of_the_trials_is_good_up_to_25(int known, int expected) => Options().GoodAmong(known, 1).ShouldBe(expected);

    [Fact]
    public void With_several_objectives_there_is_no_upper_bound() => Options().GoodAmong(1000, 2).ShouldBe(100);

    [Theory]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    [InlineData(100_000, 25)]
    public void In_the_way_of_hyperopt_good_ones_grow_with_the_root(int known, int expected) =>
        (Options() with { Gamma = 0.25, GammaOfRoot = true }).GoodAmong(known, 1).ShouldBe(expected);

    internal static TpeOptions Options(bool considerEndpoints = false, bool magicClip = true) => new(
        StartupTrials: 10, Candidates: 24, Gamma: 0.1, GammaOfRoot: false, MaxGood: 25, PriorWeight: 1, Multivariate: true, considerEndpoints, magicClip);

    private static double[] Halved(double[] centers) => [.. centers.Select(c => (c + 1) / 2)];

    private static void ShouldBe(double[] widths, double[] expected) => widths.Select(w => 2 * w).ShouldBe(expected, 1e-12);
}
