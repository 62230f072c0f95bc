using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class MedianSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new MedianScheduler();

    protected override IReadOnlyList<Assignment> Variants =>
        [Story.Options(("minTrials", 1), ("interval", 3)), Story.Options(("rule", "optuna"), ("minTrials", 1)), Story.Options(("rule", "katib"), ("minTrials", 1))];

    [Fact]
    public void Stops_a_trial_whose_best_is_worse_than_the_median_of_the_others_means()
    {
        var story = Of(Goal.Minimize);
        Log(story, 1, 4, 2); // means at step 2: 3, 2, 7
        Log(story, 2, 3, 1);
        Log(story, 3, 7, 7);

        Log(story, 4, 9, 4)!.ShouldBe(new Ruling(2, "best value 4 until step 2, needed 3: means of the others until then", 4, 3, 3));
        Log(story, 5, 2, 9).ShouldBeNull(); // its best is 2
        Log(story, 6, 9, 3).ShouldBeNull(); // as good is good enough
    }

    [Fact]
    public void An_even_number_of_others_has_the_mean_of_the_middle_two()
    {
        var story = Of(Goal.Maximize, ("minTrials", 2));
        Log(story, 1, 10);
        Log(story, 2, 20);

        Log(story, 3, 14)!.Cutoff.ShouldBe(15);
        Log(story, 4, 16).ShouldBeNull();
    }

    [Fact]
    public void Needs_enough_others_that_have_come_as_far()
    {
        var story = Of(Goal.Minimize);
        Log(story, 1, 1, 1);
        Log(story, 2, 1, 1);
        Log(story, 3, 1);

        Log(story, 4, 9).ShouldNotBeNull();
        Log(story, 5, 9, 9).ShouldBeNull(); // only two others have come to step 2
    }

    [Fact]
    public void Values_before_the_grace_period_do_not_count_in_means()
    {
        var story = Of(Goal.Minimize, ("gracePeriod", 2.0), ("minTrials", 1));
        Log(story, 1, 100, 5);

        story.Report(2, 1, 900).ShouldBeNull();
        story.Report(2, 2, 6)!.Cutoff.ShouldBe(5);
    }

    [Fact]
    public void Judges_once_in_an_interval()
    {
        var story = Of(Goal.Minimize, ("gracePeriod", 2.0), ("interval", 3), ("minTrials", 1));
        Log(story, 1, 1, 1, 1, 1, 1, 1, 1, 1);

        int[] stops = [.. Enumerable.Range(1, 8).Where(step => story.Report(2, step, 9) is not null)];
        stops.ShouldBe([2, 5, 8]);
    }

    [Fact]
    public void Trials_that_failed_or_were_stopped_are_others_too()
    {
        var story = Of(Goal.Minimize, ("minTrials", 1));
        Log(story, 1, 1);
        story.End(1, TrialPhase.Failed, FailureClass.Lost);

        Log(story, 2, 9).ShouldNotBeNull();
    }

    [Fact]
    public void Optuna_compares_with_finished_trials_at_the_same_step()
    {
        var story = Of(Goal.Minimize, ("rule", "optuna"), ("minTrials", 2));
        Log(story, 1, 1, 1);
        story.End(1, TrialPhase.Succeeded);
        Log(story, 2, 9, 9).ShouldBeNull(); // one is not enough
        story.End(2, TrialPhase.Succeeded);

        Log(story, 3, 6, 6)!.ShouldBe(new Ruling(2, "best value 6 until step 2, needed 5: finished trials", 6, 2, 5));
        story.Report(4, 3, 99).ShouldBeNull(); // nobody has a value at step 3
        Log(story, 5, 5, 99).ShouldBeNull(); // its best counts
    }

    [Fact]
    public void Optuna_wants_some_values_at_the_step()
    {
        var story = Of(Goal.Minimize, ("rule", "optuna"), ("minTrials", 1), ("minReports", 2));
        Log(story, 1, 1);
        story.End(1, TrialPhase.Succeeded);

        Log(story, 2, 9).ShouldBeNull();
        story.End(2, TrialPhase.Succeeded);
        Log(story, 3, 9).ShouldNotBeNull();
    }

    [Fact]
    public void Optuna_stops_what_has_no_number()
    {
        var story = Of(Goal.Minimize, ("rule", "optuna"), ("minTrials", 1));
        Log(story, 1, 1);
        Log(story, 2, double.NaN).ShouldBeNull(); // nothing is finished
        story.End(1, TrialPhase.Succeeded);

        Log(story, 3, double.NaN).ShouldNotBeNull();
        Log(story, 4, double.NaN, 0.5).ShouldBeNull();
    }

    [Fact]
    public void Katib_compares_with_a_mean_of_means_over_the_first_values()
    {
        var story = Of(Goal.Maximize, ("rule", "katib"), ("minTrials", 3), ("gracePeriod", 2.0));
        foreach (var (trial, value) in (((int, double)[])[(1, 1), (2, 2), (3, 9)]))
        {
            Log(story, trial, value, value, 1000); // the third value does not count
            story.End(trial, TrialPhase.Succeeded);
        }

        Log(story, 4, 3).ShouldBeNull(); // too few values
        Log(story, 5, 3, 3)!.Cutoff.ShouldBe(4); // the median would be 2
        Log(story, 6, 5, 0).ShouldBeNull();
    }

    private static Ruling? Log(Story story, int trial, params double[] values) => values.Select((v, i) => story.Report(trial, i + 1, v)).Last();

    private Story Of(Goal goal, params (string, object)[] options) => new(Scheduler, Story.Setting(goal, 100, options));
}
