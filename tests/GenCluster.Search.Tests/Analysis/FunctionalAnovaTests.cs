using GenCluster.Search.Analysis;

namespace GenCluster.Search.Tests.Analysis;

/// <summary>Trees made by hand, whose variances can be worked out on paper.</summary>
public sealed class FunctionalAnovaTests
{
    [Fact]
    public void A_tree_that_cuts_one_coordinate_gives_all_variance_to_it()
    {
        var anova = new FunctionalAnova([new([0, 0], [0.25, 1], 4), new([0.25, 0], [1, 1], 0)]);

        anova.Mean.ShouldBe(1, 1e-12);
        anova.Variance.ShouldBe(3, 1e-12); // 1/4 of 9 and 3/4 of 1
        anova.VarianceOf(0).ShouldBe(3, 1e-12);
        anova.VarianceOf(1).ShouldBe(0, 1e-12);
        anova.VarianceOf(0, 1).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void A_checkerboard_is_interaction_and_nothing_else()
    {
        var anova = new FunctionalAnova(
            [new([0, 0], [0.5, 0.5], 1), new([0.5, 0], [1, 0.5], -1), new([0, 0.5], [0.5, 1], -1), new([0.5, 0.5], [1, 1], 1)]);

        anova.Variance.ShouldBe(1, 1e-12);
        anova.VarianceOf(0).ShouldBe(0, 1e-12);
        anova.VarianceOf(1).ShouldBe(0, 1e-12);
        anova.VarianceOf(0, 1).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Parts_of_the_variance_add_up_to_all_of_it()
    {
        // The right half is cut again, in the other coordinate: 1 | 2 over 6.
        var anova = new FunctionalAnova([new([0, 0], [0.5, 1], 1), new([0.5, 0], [1, 0.25], 2), new([0.5, 0.25], [1, 1], 6)]);

        (anova.VarianceOf(0) + anova.VarianceOf(1) + anova.VarianceOf(0, 1)).ShouldBe(anova.Variance, 1e-12);
        anova.VarianceOf(0).ShouldBe(4, 1e-12); // means 1 and 5
    }

    [Fact]
    public void A_tree_cuts_where_the_sum_of_squares_falls_most_and_leaves_no_part_too_small()
    {
        double[][] points = [[0.1, 0.9], [0.2, 0.1], [0.6, 0.8], [0.7, 0.2]];

        var regions = RegressionTree.Grow(points, [1, 1, 5, 5], [0, 1, 2, 3], smallest: 2);

        regions.Count.ShouldBe(2);
        regions[0].ShouldSatisfyAllConditions(r => r.Value.ShouldBe(1), r => r.Upper.ShouldBe([0.4, 1], 1e-12));
        regions[1].ShouldSatisfyAllConditions(r => r.Value.ShouldBe(5), r => r.Lower.ShouldBe([0.4, 0], 1e-12));
    }
}
