using GenCluster.Core.Sweeps;
using GenCluster.Search.Analysis;

namespace GenCluster.Search.Tests.Analysis;

public sealed class ExpectedBestTests
{
    private static readonly double[] Values = [5, 1, 4, 1.5, 9, 2.25, 7];

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void Is_the_mean_over_all_subsets_of_that_many_trials(Goal goal)
    {
        var curve = ExpectedBest.Of(Values, goal);

        curve.Select(p => p.Trials).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        foreach (var point in curve)
        {
            double[] best = [.. SubsetsOf(point.Trials).Select(s => goal is Goal.Minimize ? s.Min() : s.Max())];
            double mean = best.Average();
            point.Mean.ShouldBe(mean, 1e-12);
            point.Deviation.ShouldBe(Math.Sqrt(best.Average(b => (b - mean) * (b - mean))), 1e-9);
        }
    }

    [Fact]
    public void Begins_at_the_mean_and_ends_at_the_best()
    {
        var curve = ExpectedBest.Of(Values, Goal.Minimize);

        curve[0].Mean.ShouldBe(Values.Average(), 1e-12);
        curve[^1].ShouldBe(new ExpectedBestPoint(7, 1, 0));
    }

    [Fact]
    public void A_long_curve_is_told_at_no_more_than_200_places_and_never_rises()
    {
        var curve = ExpectedBest.Of(Enumerable.Range(0, 10_000).Select(i => (i * 7919 % 10_007) / 100.0), Goal.Minimize);

        curve.Count.ShouldBeInRange(199, 201);
        (curve[0].Trials, curve[^1].Trials).ShouldBe((1, 10_000));
        curve.Zip(curve.Skip(1)).ShouldAllBe(p => p.Second.Mean <= p.First.Mean);
    }

    [Fact]
    public void One_that_is_very_far_off_disturbs_no_digit_of_the_others()
    {
        var curve = ExpectedBest.Of([1e12, 1e12 + 1, 1e12 + 2], Goal.Minimize);

        curve[1].Mean.ShouldBe(1e12 + 1.0 / 3, 1e-3);
        curve[1].Deviation.ShouldBe(Math.Sqrt(2) / 3, 1e-6);
    }

    [Fact]
    public void Nothing_gives_no_curve() => ExpectedBest.Of([], Goal.Minimize).ShouldBeEmpty();

    private static IEnumerable<double[]> SubsetsOf(int size) =>
        from mask in Enumerable.Range(0, 1 << Values.Length)
        let subset = Values.Where((_, i) => (mask & 1 << i) != 0).ToArray()
        where subset.Length == size
        select subset;
}
