using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class AshaSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new AshaScheduler();

    protected override IReadOnlyList<Assignment> Variants =>
    [
        Story.Options(("mode", "promote")),
        Story.Options(("mode", "promote"), ("reductionFactor", 2.0), ("brackets", 3)),
        Story.Options(("reductionFactor", 2.0), ("brackets", 2), ("earlyStoppingRate", 1)),
        Story.Options(("rule", "optuna"), ("gracePeriod", 1.0)),
        Story.Options(("rule", "wandb"), ("gracePeriod", 2.0), ("strict", false)),
        Story.Options(("rule", "determined"), ("bracketMode", "standard")),
    ];

    [Fact]
    public void The_best_of_a_rung_go_on_and_of_equals_the_older()
    {
        Halving(Goal.Maximize).Arrivals(1, 50, 60, 40, 70, 55, 65, 45, 80).ShouldBe("CCSCSCSC");
        Halving(Goal.Minimize).Arrivals(1, -50, -60, -40, -70, -55, -65, -45, -80).ShouldBe("CCSCSCSC");
        Halving(Goal.Maximize).Arrivals(1, 50, 50, 50, 50).ShouldBe("CSSS");
    }

    [Fact]
    public void A_ruling_names_the_rung_the_number_there_and_the_value_needed()
    {
        var story = Halving(Goal.Maximize);
        story.Arrivals(1, 50, 60);

        story.Report(3, 1, 40).ShouldBe(new Ruling(1, "place 3 of 3 at step 1; the best one goes on", 40, 3, 60));
    }

    [Fact]
    public void A_skipped_rung_is_passed_with_the_first_value_after_it()
    {
        var story = Halving(Goal.Maximize); // rungs 1, 2, 4, 8
        story.Report(1, 5, 50).ShouldBeNull();

        story.Report(2, 1, 40)!.Cutoff.ShouldBe(50); // trial 1 is there with its value at 5
        story.Report(3, 3, 60).ShouldBeNull();
        story.Report(4, 4, 45)!.ShouldBe(new Ruling(4, "place 2 of 2 at step 4; the best one goes on", 45, 2, 50));
    }

    [Fact]
    public void Late_and_repeated_reports_change_nothing()
    {
        var story = Halving(Goal.Maximize);
        story.Arrivals(1, 50, 60, 70).ShouldBe("CCC");
        story.Report(3, 2, 80).ShouldBeNull();

        story.Report(3, 1, 0).ShouldBeNull();
        story.Report(3, 2, 0).ShouldBeNull();
        story.Report(4, 1, 55)!.ShouldBe(new Ruling(1, "place 3 of 4 at step 1; the best 2 go on", 55, 4, 60));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_that_is_not_finite_stops_at_once(double value)
    {
        var ruling = Halving(Goal.Maximize).Report(1, 3, value).ShouldNotBeNull();

        ruling.Reason.ShouldStartWith("NonFinite: m is ");
        ruling.Step.ShouldBe(3);
    }

    [Fact]
    public void A_trial_that_crashed_counts_with_what_it_showed()
    {
        var story = Halving(Goal.Maximize);
        story.Arrivals(1, 50, 60);
        story.End(2, TrialPhase.Failed, FailureClass.Hardware);

        story.Report(3, 1, 55)!.Cutoff.ShouldBe(60);
    }

    [Fact]
    public void Between_rungs_nobody_is_judged()
    {
        var story = Halving(Goal.Maximize);
        story.Arrivals(4, 50);

        story.Report(2, 4, 60).ShouldBeNull();
        story.Report(2, 5, 0).ShouldBeNull();
        story.Report(2, 8, 0).ShouldBeNull(); // the first at its rung
    }

    [Fact]
    public void A_metric_constraint_that_does_not_hold_is_worse_than_any_value()
    {
        var comparison = new ComparisonSpec([], [new Predicate("size <= 10")]);
        var story = new Story(Scheduler, Setting(Goal.Maximize) with { Comparison = comparison });
        story.Report(1, 1, new Metric("m", 1), new Metric("size", 5)).ShouldBeNull();
        story.Report(2, 1, new Metric("m", 99), new Metric("size", 50)).ShouldNotBeNull();
    }

    [Fact]
    public void With_several_objectives_a_rung_is_ordered_by_fronts()
    {
        var comparison = new ComparisonSpec([new ObjectiveSpec("size", Goal.Minimize)], []);
        var story = new Story(Scheduler, Setting(Goal.Maximize) with { Comparison = comparison });
        Ruling? At(int trial, double m, double size) => story.Report(trial, 1, new Metric("m", m), new Metric("size", size));

        At(1, 50, 10).ShouldBeNull();
        At(2, 60, 20).ShouldNotBeNull(); // the same front, younger, and only one goes on
        At(3, 40, 30).ShouldNotBeNull().ShouldBe(new Ruling(1, "place 3 of 3 at step 1 by Pareto fronts; the best one goes on", 1, 3, 0));
        At(4, 70, 5).ShouldBeNull(); // better than all
    }

    [Fact]
    public void Promoting_trials_wait_at_the_first_rung() =>
        Enumerable.Range(1, 3).Select(n => Scheduler.FirstMilestone(Promoting().History with { EvaluateEvery = 3, Steps = 30 }, n)).ShouldBe([3, 3, 3]);

    [Fact]
    public void Without_a_rung_before_the_last_step_nobody_waits() => Scheduler.FirstMilestone(Promoting().History with { Steps = 1 }, 1).ShouldBeNull();

    [Fact]
    public void Promotes_the_best_half_of_a_rung_and_leaves_the_others_waiting()
    {
        var story = Promoting();
        story.Wait(1, 1, 50);
        story.Arrange(4).ShouldBeEmpty();
        story.Wait(2, 1, 60);
        story.Arrange(4).ShouldBe([new Move.Resume(2, 2)]);
        story.GoesOn(2);
        story.Wait(3, 1, 55);
        story.Arrange(4).ShouldBeEmpty(); // one of three, and that has gone on

        story.Wait(4, 1, 40);
        story.Arrange(4).ShouldBe([new Move.Resume(3, 2)]);
    }

    [Fact]
    public void Promotes_from_the_top_rung_down_as_far_as_places_go()
    {
        var story = Promoting();
        foreach (int trial in Enumerable.Range(1, 8))
            story.Wait(trial, 1, trial);
        foreach (int trial in (int[])[7, 8])
            story.Wait(trial, 2, trial);

        story.Arrange(1).ShouldBe([new Move.Resume(8, 4)]);
        story.Arrange(2).ShouldBe([new Move.Resume(8, 4), new Move.Resume(6, 2)]);
        story.Arrange(9).ShouldBe([new Move.Resume(8, 4), new Move.Resume(6, 2), new Move.Resume(5, 2)]);
    }

    [Fact]
    public void The_last_rung_promotes_to_the_last_step()
    {
        var story = Promoting();
        story.Wait(1, 8, 1);
        story.Wait(2, 8, 2);

        story.Arrange(1).ShouldBe([new Move.Resume(2, 16)]);
    }

    [Fact]
    public void When_nothing_else_comes_the_best_of_the_highest_rung_is_trained_to_its_end_and_the_others_end()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Maximize, 16, ("mode", "promote"), ("reductionFactor", 4.0)) with { MaxTrials = 3 });
        story.Wait(1, 1, 50);
        story.Wait(2, 1, 60);
        story.Arrange(2).ShouldBeEmpty(); // one is still to come
        story.Begin(3);
        story.Arrange(2).ShouldBeEmpty(); // and may be better
        story.End(3, TrialPhase.Failed, FailureClass.Lost);

        story.Arrange(2).ShouldBe([new Move.Resume(2, 4)]);
        story.GoesOn(2);
        story.Arrange(2).ShouldBeEmpty();
        story.Wait(2, 4, 60);
        story.Arrange(2).ShouldBe([new Move.Resume(2, 16)]);
        story.GoesOn(2);
        story.Report(2, 16, 60);
        story.End(2, TrialPhase.Succeeded);
        story.Arrange(2).ShouldBe([new Move.Prune(1, new Ruling(1, "place 2 of 2 at step 1; none goes on", 50, 2))]);
    }

    [Fact]
    public void Brackets_begin_at_later_rungs_and_share_none()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Maximize, 16, ("mode", "promote"), ("reductionFactor", 2.0), ("brackets", 2)));
        Enumerable.Range(1, 4).Select(n => Scheduler.FirstMilestone(story.History, n)).ShouldBe([1, 2, 1, 2]);
        story.Wait(1, 1, 10);
        story.Wait(3, 1, 20);
        story.Wait(2, 2, 99);
        story.Wait(3, 2, 20);

        story.Arrange(9).ShouldBeEmpty(); // one of each bracket at step 2, and one of two at step 1 has gone on
    }

    private Story Promoting() => new(Scheduler, Story.Setting(Goal.Maximize, 16, ("mode", "promote"), ("reductionFactor", 2.0)));

    private static SearchHistory Setting(Goal goal) => Story.Setting(goal, 16, ("reductionFactor", 2.0));

    private Story Halving(Goal goal) => new(Scheduler, Setting(goal));
}
