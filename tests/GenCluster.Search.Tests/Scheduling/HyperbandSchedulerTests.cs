using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;
using GenCluster.Search.Scheduling;
using GenCluster.Search.Scheduling.Halving;
using GenCluster.Search.Tests.Simulated;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class HyperbandSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new HyperbandScheduler();

    protected override IReadOnlyList<Assignment> Variants =>
    [
        Story.Options(("mode", "asynchronous")),
        Story.Options(("reductionFactor", 2.0), ("rounding", "up")),
        Story.Options(("reductionFactor", 1.5)),
    ];

    [Theory]
    [InlineData(0, "81@1 27@3 9@9 3@27 1@81")]
    [InlineData(1, "34@3 11@9 3@27 1@81")]
    [InlineData(2, "15@9 5@27 1@81")]
    [InlineData(3, "8@27 2@81")]
    [InlineData(4, "5@81")]
    public void Brackets_are_those_of_the_paper(int bracket, string rungs) => Rungs(new BracketPlan(81, 1, 3, RoundsUp: false), bracket).ShouldBe(rungs);

    [Theory]
    [InlineData(1, "34@3 12@9 4@27 2@81")]
    [InlineData(2, "15@9 5@27 2@81")]
    [InlineData(3, "8@27 3@81")]
    public void Ray_rounds_up_at_every_cut(int bracket, string rungs) => Rungs(new BracketPlan(81, 1, 3, RoundsUp: true), bracket).ShouldBe(rungs);

    [Fact]
    public void Other_factors_have_other_brackets() => new BracketPlan(8, 1, 2, false).Sizes.ShouldBe([8, 6, 4, 4]);

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(81, 0, 1)]
    [InlineData(82, 1, 82)]
    [InlineData(143, 4, 139)]
    [InlineData(144, 0, 144)]
    public void The_bracket_of_a_trial_follows_from_its_number(int trial, int bracket, int first) =>
        Brackets.InTurn(trial, [81, 34, 15, 8, 5]).ShouldBe((bracket, first));

    [Fact]
    public void Asynchronous_brackets_are_spread_by_a_hash_of_the_number()
    {
        Brackets.Crc32("123456789").ShouldBe(0xCBF43926u);
        var counts = Enumerable.Range(1, 14300).CountBy(n => Brackets.ByHash(n, [81, 34, 15, 8, 5])).OrderBy(c => c.Key).Select(c => c.Value / 100.0);
        foreach (var (count, weight) in counts.Zip([81, 34, 15, 8, 5]))
            count.ShouldBe(weight, 5);
    }

    [Fact]
    public void A_whole_round_has_as_many_trials_at_each_rung_as_the_table_says()
    {
        var setting = new SearchHistory(new ParameterSpace([new("x", new Uniform(0, 1))]), new ObjectiveSpec("m", Goal.Minimize), []) { Steps = 81, MaxTrials = 143 };
        var sweep = new SimulatedSweep(new RandomSampler(), Scheduler, setting, new SearchRandom(3), 7, (trial, _) => trial.Assignment["x"].AsNumber());

        sweep.Run();

        string Ends(int first, int count) => string.Join(' ', sweep.Trials.Skip(first - 1).Take(count).CountBy(t => t.Step).OrderBy(c => c.Key).Select(c => $"{c.Value}@{c.Key}"));
        Ends(1, 81).ShouldBe("54@1 18@3 6@9 2@27 1@81");
        Ends(82, 34).ShouldBe("23@3 8@9 2@27 1@81");
        Ends(116, 15).ShouldBe("10@9 4@27 1@81");
        Ends(131, 8).ShouldBe("6@27 2@81");
        Ends(139, 5).ShouldBe("5@81");
        sweep.Trials.Take(81).Single(t => t.Step == 81).Assignment["x"].ShouldBe(sweep.Trials.Take(81).Select(t => t.Assignment["x"]).MinBy(x => x.AsNumber()));
    }

    [Fact]
    public void Nobody_is_moved_before_the_whole_bracket_has_come()
    {
        var story = Four();
        story.Wait(1, 1, 10);
        story.Wait(2, 1, 20);
        story.Wait(3, 1, 30);
        story.Arrange(9).ShouldBeEmpty();

        story.Wait(4, 1, 40);
        story.Arrange(9).ShouldBe(
        [
            new Move.Resume(1, 2), new Move.Resume(2, 2),
            new Move.Prune(3, new Ruling(1, "place 3 of 4 at step 1; the best 2 go on", 30, 4, 20)),
            new Move.Prune(4, new Ruling(1, "place 4 of 4 at step 1; the best 2 go on", 40, 4, 20)),
        ]);
    }

    [Fact]
    public void Losers_end_even_when_there_is_no_place_for_winners()
    {
        var story = Four();
        foreach (int trial in Enumerable.Range(1, 4))
            story.Wait(trial, 1, trial);

        story.Arrange(0).Select(m => ((Move.Prune)m).Trial).ShouldBe([3, 4]);
        story.Arrange(1).OfType<Move.Resume>().ShouldBe([new Move.Resume(1, 2)]);
        story.GoesOn(1);
        story.Arrange(1).OfType<Move.Resume>().ShouldBe([new Move.Resume(2, 2)]);
    }

    [Fact]
    public void A_trial_that_failed_is_not_waited_for()
    {
        var story = Four();
        story.Wait(1, 1, 10);
        story.Wait(2, 1, 20);
        story.Wait(3, 1, 30);
        story.End(4, TrialPhase.Failed, FailureClass.Lost);

        story.Arrange(9).OfType<Move.Resume>().Select(m => m.Trial).ShouldBe([1, 2]);
    }

    [Fact]
    public void One_that_ends_while_it_waits_leaves_its_place_to_the_next()
    {
        var story = Four();
        foreach (int trial in Enumerable.Range(1, 4))
            story.Wait(trial, 1, trial);
        story.End(1, TrialPhase.Cancelled);

        story.Arrange(9).OfType<Move.Resume>().Select(m => m.Trial).ShouldBe([2, 3]);
    }

    /// <summary>Trials 1 to 4 are the first bracket, with rungs 1, 2 and the last step, 4.</summary>
    private Story Four()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 4, ("reductionFactor", 2.0)));
        foreach (int trial in Enumerable.Range(1, 4))
            story.Begin(trial);
        return story;
    }

    private static string Rungs(BracketPlan plan, int bracket)
    {
        int count = plan.Sizes[bracket];
        List<string> rungs = [];
        foreach (double steps in plan.Steps(bracket))
        {
            rungs.Add($"{count}@{(int)(steps + 1e-9)}");
            count = plan.Kept(count);
        }

        return string.Join(' ', rungs);
    }
}
