using GenCluster.Core.Sweeps;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Tests.Sampling.Knowledge;

public sealed class MeritTests
{
    [Fact]
    public void Complete_trials_come_before_pruned_ones_and_these_before_infeasible_and_failed_ones() => ShouldOrder(
    [
        Seen(Standing.Complete, 1),
        Seen(Standing.Complete, 7),
        Seen(Standing.Pruned, 0, step: 9),
        Seen(Standing.Infeasible, -5, violations: 1),
        Seen(Standing.Failed),
    ]);

    [Fact]
    public void Pruned_trials_are_ordered_by_step_and_then_by_value() => ShouldOrder(
    [
        Seen(Standing.Pruned, 5, step: 9),
        Seen(Standing.Pruned, 6, step: 9),
        Seen(Standing.Pruned, 1, step: 8),
    ]);

    [Fact]
    public void Infeasible_trials_are_ordered_by_how_much_they_violate() => ShouldOrder(
    [
        Seen(Standing.Infeasible, 5, violations: 1),
        Seen(Standing.Infeasible, 6, violations: 1),
        Seen(Standing.Infeasible, 1, violations: 2),
    ]);

    [Fact]
    public void Of_equals_the_older_is_better()
    {
        Observation[] equals = [Seen(Standing.Complete, 1), Seen(Standing.Complete, 1), Seen(Standing.Complete, 1)];

        Merit.BestFirst(equals).ShouldBe(equals);
    }

    [Fact]
    public void Running_trials_have_no_place() => Merit.BestFirst([Seen(Standing.Running)]).ShouldBeEmpty();

    [Fact]
    public void With_two_objectives_fronts_count_and_within_one_the_lonely_come_first()
    {
        Observation[] front = [Seen([0, 4]), Seen([4, 0]), Seen([1, 2.5]), Seen([1.2, 2.2])];
        Observation[] behind = [Seen([5, 5]), Seen([6, 6])];

        var ordered = Merit.BestFirst([.. behind, .. front]);

        ordered.Take(2).ShouldBe(front.Take(2), ignoreOrder: true); // the ends
        ordered.Skip(2).ShouldBe([front[3], front[2], .. behind]); // (1.2, 2.2) has the wider gap to its neighbours
    }

    [Fact]
    public void A_point_dominates_only_where_it_is_nowhere_worse()
    {
        ParetoFronts.Dominates([1, 1], [1, 2]).ShouldBeTrue();
        ParetoFronts.Dominates([1, 1], [1, 1]).ShouldBeFalse();
        ParetoFronts.Dominates([0, 2], [1, 1]).ShouldBeFalse();
    }

    private static void ShouldOrder(Observation[] bestFirst)
    {
        Merit.BestFirst(bestFirst).ShouldBe(bestFirst);
        Merit.BestFirst(bestFirst.Reverse()).ShouldBe(bestFirst);
    }

    private static Observation Seen(Standing standing, double? loss = null, int step = 0, int violations = 0) =>
        new([], standing, loss is { } value ? [value] : [], step, violations);

    private static Observation Seen(double[] losses) => new([], Standing.Complete, losses);
}
