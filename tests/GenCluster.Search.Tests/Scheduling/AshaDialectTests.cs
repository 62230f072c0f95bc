using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Scheduling;
using GenCluster.Search.Scheduling.Dialects;
using GenCluster.Search.Scheduling.Halving;

namespace GenCluster.Search.Tests.Scheduling;

/// <summary>Other tools' ways of stopping at rungs, by cases of their own tests and by what their code does.</summary>
public sealed class AshaDialectTests
{
    private static readonly double[] Eight = [50, 60, 40, 70, 55, 65, 45, 80];

    [Theory]
    [InlineData("gencluster", "CCSCSCSC")]
    [InlineData("ray", "CCSCCCSC")]
    [InlineData("optuna", "CCSCSCSC")]
    [InlineData("determined", "CCSCSCSC")]
    public void Eight_values_at_the_first_rung(string rule, string verdicts)
    {
        Of(rule, Goal.Maximize).Arrivals(1, Eight).ShouldBe(verdicts);
        Of(rule, Goal.Minimize).Arrivals(1, [.. Eight.Select(v => -v)]).ShouldBe(verdicts);
    }

    [Fact]
    public void Ray_compares_with_a_percentile_of_the_values_before()
    {
        double?[] cutoffs = [.. Enumerable.Range(0, 8).Select(n =>
        {
            var story = Of("ray", Goal.Maximize);
            story.Arrivals(1, Eight[..n]);
            return story.Report(n + 1, 1, -1000)?.Cutoff;
        })];

        cutoffs.ShouldBe([null, 50, 55, 50, 55, 55, 57.5, 55]);
    }

    [Fact]
    public void Ray_judges_later_values_at_rungs_that_were_skipped()
    {
        var story = Of("ray", Goal.Maximize, 100, ("reductionFactor", 4.0));
        story.Arrivals(1, 10, 20, 30, 40);

        story.Report(5, 20, 5).ShouldBeNull(); // at 16
        story.Report(5, 21, 5).ShouldBeNull(); // at 4
        story.Report(5, 22, 5)!.Step.ShouldBe(1);
        story.Report(5, 23, 5).ShouldBeNull();
        story.Report(6, 1, double.NaN).ShouldBeNull();
    }

    [Fact]
    public void Ray_begins_at_the_grace_period()
    {
        var story = Of("ray", Goal.Maximize, 10, ("gracePeriod", 2.5), ("reductionFactor", 3.0));
        foreach (int step in Enumerable.Range(1, 9))
            story.Report(1, step, 450).ShouldBeNull();

        story.Report(2, 1, 10).ShouldBeNull();
        story.Report(2, 2, 10).ShouldBeNull();
        story.Report(2, 3, 10).ShouldNotBeNull();
    }

    [Fact]
    public void Ray_lets_equals_go_on_and_stops_what_is_below()
    {
        var story = Of("ray", Goal.Maximize, 10);
        story.Arrivals(1, 10, 10, 10, 10, 10).ShouldBe("CCCCC");
        story.Arrivals(1, 5, 4, 2).ShouldBe("SSS");
    }

    [Fact]
    public void Ray_stops_at_the_last_step_unless_told_otherwise()
    {
        Of("ray", Goal.Maximize, 20, ("maxSteps", 10)).Report(1, 10, 5).ShouldNotBeNull().Step.ShouldBe(10);
        Of("ray", Goal.Maximize, 20, ("maxSteps", 10), ("stopLast", false)).Report(1, 10, 5).ShouldBeNull();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_breaks_no_rule(double value)
    {
        foreach (string rule in (string[])["ray", "optuna", "determined", "wandb"])
        {
            var story = Of(rule, Goal.Maximize);
            story.Report(1, 1, value);
            story.Report(2, 1, 5);
            story.Report(1, 2, value);
            story.Report(2, 2, 5);
        }
    }

    [Fact]
    public void Ray_counts_a_trial_that_is_completed_at_its_next_rung()
    {
        var story = Of("ray", Goal.Maximize, 100);
        story.Report(1, 5, 50); // recorded at 4
        story.End(1, TrialPhase.Succeeded); // and now at 2

        story.Report(2, 2, 40).ShouldNotBeNull().Cutoff.ShouldBe(50);
        story.Report(3, 1, 40).ShouldBeNull();
    }

    [Fact]
    public void Ray_draws_brackets_in_proportion_to_e_to_their_rungs()
    {
        // Rungs 1, 2, 4, 8, 16 and 2, 4, 8, 16: e to 1. A trial that is judged at step 1 is in the first.
        var story = Of("ray", Goal.Maximize, 16, ("brackets", 2));
        int first = 0;
        for (int trial = 1; trial <= 400; trial++)
            first += story.Report(trial, 1, -trial) is not null ? 1 : 0;

        (first / 400.0).ShouldBe(Math.E / (1 + Math.E), 0.06);
    }

    [Fact]
    public void Optuna_lets_one_report_pass_several_rungs()
    {
        var story = Of("optuna", Goal.Minimize);
        story.Arrivals(7, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7).ShouldBe("CSSSSSS");

        story.Report(8, 7, 0.75)!.Step.ShouldBe(1);
        story.Report(9, 7, 0.25)!.Step.ShouldBe(2);
        story.Report(10, 7, 0.05).ShouldBeNull(); // passes all three
        story.Report(11, 7, 0.06)!.Step.ShouldBe(4);
    }

    [Fact]
    public void Optuna_never_stops_the_first_trial()
    {
        var story = Of("optuna", Goal.Minimize);

        for (int step = 1; step <= 10; step++)
            story.Report(1, step, 1).ShouldBeNull();
        story.Report(2, 8, 2)!.Step.ShouldBe(1);
    }

    [Fact]
    public void Optuna_stops_at_a_rung_what_is_no_number()
    {
        var story = Of("optuna", Goal.Minimize, 100, ("gracePeriod", 2.0));

        story.Report(1, 1, double.NaN).ShouldBeNull();
        story.Report(1, 2, double.NaN).ShouldNotBeNull();
    }

    [Fact]
    public void Optuna_leaves_rungs_out_at_the_beginning()
    {
        var story = Of("optuna", Goal.Minimize, 100, ("gracePeriod", 1.0), ("earlyStoppingRate", 1));
        story.Report(1, 2, 1);

        story.Report(2, 1, 9).ShouldBeNull();
        story.Report(2, 2, 9).ShouldNotBeNull().Step.ShouldBe(2);
    }

    [Fact]
    public void Optuna_waits_for_enough_trials_by_stopping_them()
    {
        var story = Of("optuna", Goal.Minimize, 100, ("gracePeriod", 1.0), ("bootstrap", 1));

        story.Report(1, 1, 1).ShouldNotBeNull();
        story.Report(2, 1, 1).ShouldBeNull();
    }

    [Fact]
    public void Optuna_begins_when_a_trial_has_been_completed()
    {
        var story = Of("optuna", Goal.Minimize, 200, ("gracePeriod", 0.0));
        story.Report(1, 2, 1).ShouldBeNull();
        story.Report(2, 2, 9).ShouldBeNull();
        story.Report(1, 200, 1);
        story.End(1, TrialPhase.Succeeded); // the first rung is at 200 / 100

        story.Report(3, 1, 9).ShouldBeNull();
        story.Report(3, 2, 9).ShouldBeNull(); // the first at that rung: what came before was not let in
        story.Report(4, 2, 10).ShouldNotBeNull().ShouldBe(new Ruling(2, "optuna: 10 among 2 at step 2, needed 9", 10, 2, 9));
    }

    [Fact]
    public void Determined_lets_a_newcomer_win_a_tie()
    {
        Of("determined", Goal.Maximize).Arrivals(1, 50, 50, 50).ShouldBe("CCC");
        Of("gencluster", Goal.Maximize).Arrivals(1, 50, 50, 50).ShouldBe("CSS");
        Of("optuna", Goal.Maximize).Arrivals(1, 50, 50, 50).ShouldBe("CCC");
    }

    [Fact]
    public void Determined_counts_a_crash_as_the_worst_value()
    {
        var story = Of("determined", Goal.Minimize);
        story.Arrivals(1, 50, 40).ShouldBe("CC");
        story.Report(3, 1, 45).ShouldNotBeNull(); // one of three goes on
        story.End(4, TrialPhase.Failed, FailureClass.Lost);
        story.End(5, TrialPhase.Failed, FailureClass.NonFinite);

        story.Report(6, 1, 46).ShouldBeNull(); // three of six do
        story.Report(7, 1, 47).ShouldNotBeNull().ShouldBe(new Ruling(1, "determined: 47 among 7 at step 1, needed 46", 47, 7, 46));
    }

    [Fact]
    public void Determined_takes_out_trials_whose_hyperparameters_are_no_good()
    {
        var story = Of("determined", Goal.Minimize);
        story.Arrivals(1, 10, 50).ShouldBe("CS");
        story.End(1, TrialPhase.Failed, FailureClass.UserError);

        story.Report(3, 1, 40).ShouldBeNull(); // better than 50, and 10 is no more
    }

    [Fact]
    public void Determined_counts_rungs_down_from_the_last_step()
    {
        Enumerable.Range(0, 5).Select(k => DeterminedDialect.Level(k, 5, 4, 1000)).ShouldBe([3, 15, 62, 250, 1000]);
        Enumerable.Range(0, 3).Select(k => DeterminedDialect.Level(k, 3, 4, 3)).ShouldBe([1, 1, 3]);
        DeterminedDialect.MostRungs(5, 4, 1000, 16).ShouldBe(3);
        DeterminedDialect.MostRungs(5, 4, 100, 10_000).ShouldBe(4);
    }

    [Theory]
    [InlineData("aggressive", new[] { 5 })]
    [InlineData("standard", new[] { 5, 4, 3 })]
    [InlineData("conservative", new[] { 5, 4, 3, 2, 1 })]
    public void Determined_has_brackets_with_fewer_and_fewer_rungs(string mode, int[] rungs) => DeterminedDialect.RungsOfBrackets(mode, 5).ShouldBe(rungs);

    [Fact]
    public void Determined_shares_trials_out_by_the_rungs_of_brackets()
    {
        // 4^4/5, 4^3/4, 4^2/3: 51.2, 16, 5.33 of 72.53; what is left of 100 goes to the first.
        var shares = DeterminedDialect.Shares([5, 4, 3], 4, 100);

        shares.ShouldBe([71, 22, 7]);
        Enumerable.Range(1, 100).GroupBy(n => Brackets.Interleaved(n, shares)).OrderBy(g => g.Key).Select(g => g.Count()).ShouldBe(shares);
    }

    [Theory]
    [InlineData(0, 27, 2, 3, new[] { 3, 9 })]
    [InlineData(0, 5, 2, 2, new[] { 1, 2 })]
    [InlineData(0, 27, 9, 3, new[] { 1, 3, 9 })]
    public void Wandb_counts_bands_down(double first, int last, int bands, double factor, int[] expected) =>
        WandbDialect.Bands(first, last, bands, factor).ShouldBe(expected);

    [Fact]
    public void Wandb_counts_bands_up() => WandbDialect.Bands(3, 0, 0, 3).Take(4).ShouldBe([3, 9, 27, 81]);

    [Theory]
    [InlineData(new[] { 10.0, 10 }, true)]
    [InlineData(new[] { 10.0, 8, 8 }, true)]
    [InlineData(new[] { 10.0, 7, 7 }, false)]
    public void Wandb_judges_at_the_last_band_that_was_passed(double[] values, bool stops)
    {
        // Bands 1 and 2, factor 2. The first three are what the others have logged.
        var story = Of("wandb", Goal.Minimize, 100, ("maxSteps", 5), ("bands", 2));
        foreach (double[] other in (double[][])[[10, 9], [10, 6, 6], [10, 7, 7]])
            Log(story, story.History.Trials.Count + 1, other);

        (Log(story, 4, values) is not null).ShouldBe(stops);
    }

    [Fact]
    public void Wandb_compares_with_all_values_that_are_at_the_band_now()
    {
        var story = Of("wandb", Goal.Minimize, 100, ("gracePeriod", 1.0), ("reductionFactor", 4.0));
        Log(story, 1, 9, 5).ShouldBeNull();
        Log(story, 2, 9, 3).ShouldBeNull();

        story.Report(1, 30, 1).ShouldNotBeNull().ShouldBe(new Ruling(30, "wandb, band 1: 1 among 2 at step 30, needed 3", 5, 2, 3)); // judged again
    }

    [Fact]
    public void Wandb_that_is_not_strict_judges_the_best_until_now()
    {
        var strict = Of("wandb", Goal.Maximize, 100, ("gracePeriod", 1.0));
        var lenient = Of("wandb", Goal.Maximize, 100, ("gracePeriod", 1.0), ("strict", false));
        foreach (var story in (Story[])[strict, lenient])
        {
            Log(story, 1, 1, 5);
            Log(story, 2, 1, 5);
        }

        Log(strict, 3, 9, 4).ShouldNotBeNull();
        Log(lenient, 3, 9, 4).ShouldBeNull();
    }

    [Fact]
    public void Wandb_counts_logged_values_and_not_steps()
    {
        var story = Of("wandb", Goal.Minimize, 1000, ("gracePeriod", 2.0));
        Log(story, 1, 5, 5, 5);
        Log(story, 2, 5, 5, 5);

        story.Report(3, 100, 9).ShouldBeNull();
        story.Report(3, 200, double.NaN).ShouldBeNull();
        story.Report(3, 300, 9).ShouldBeNull();
        story.Report(3, 400, 9).ShouldNotBeNull();
    }

    private static Ruling? Log(Story story, int trial, params double[] values) => values.Select((v, i) => story.Report(trial, 10 * (i + 1), v)).Last();

    private static Story Of(string rule, Goal goal, int steps = 100, params (string, object)[] options)
    {
        (string, object)[] given = [("rule", rule), .. options];
        if (!given.Any(o => o.Item1 == "reductionFactor"))
            given = [.. given, ("reductionFactor", 2.0)];
        if (!given.Any(o => o.Item1 is "gracePeriod" or "bands"))
            given = [.. given, ("gracePeriod", 1.0)];
        // As many steps as Determined needs for its lowest rung to be at step 1.
        int last = rule is "determined" ? 16 : steps;
        return new Story(new AshaScheduler(), Story.Setting(goal, last, given));
    }
}
