using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sampling;
using GenCluster.Search.Scheduling;
using GenCluster.Search.Tests.Simulated;

namespace GenCluster.Search.Tests.Scheduling;

public sealed class PbtSchedulerTests : SchedulerContract
{
    protected override IScheduler Scheduler { get; } = new PbtScheduler();

    protected override IReadOnlyList<Assignment> Variants =>
    [
        Story.Options(("mode", "synchronous")),
        Story.Options(("mode", "synchronous"), ("population", 4), ("interval", 5), ("quantile", 0.5)),
        Story.Options(("population", 3), ("burnIn", 7)),
        Story.Options(("quantile", 0.0)),
    ];

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(25, 0, 30)]
    [InlineData(20, 50, 60)]
    [InlineData(200, 0, null)]
    public void Milestones_are_multiples_of_the_interval_at_evaluated_steps(int interval, int burnIn, int? first) =>
        Scheduler.FirstMilestone(Story.Setting(Goal.Minimize, 100, ("interval", interval), ("burnIn", burnIn)) with { EvaluateEvery = 10 }, 1).ShouldBe(first);

    [Fact]
    public void Together_the_worst_go_on_from_the_best_when_all_have_come()
    {
        var story = Four("synchronous");
        story.Wait(1, 1, 4);
        story.Wait(2, 1, 3);
        story.Wait(3, 1, 2);
        story.Arrange(9).ShouldBeEmpty();
        story.Wait(4, 1, 1);

        var moves = story.Arrange(9);

        moves.Take(3).ShouldBe([new Move.Resume(4, 2), new Move.Resume(3, 2), new Move.Resume(2, 2)]);
        moves[3].ShouldBe(new Move.Replace(
            1, new Ruling(1, "place 4 of 4 in the population at step 1; the last 1 are replaced", 4, 4, 3), 4, 1, Assignment.Empty, 2));
    }

    [Fact]
    public void With_few_places_the_best_are_moved_first_and_the_rest_as_if_all_had_been()
    {
        var story = Four("synchronous");
        foreach (int trial in Enumerable.Range(1, 4))
            story.Wait(trial, 1, trial);

        story.Arrange(1).ShouldBe([new Move.Resume(1, 2)]);
        story.GoesOn(1);
        story.Arrange(2).ShouldBe([new Move.Resume(2, 2), new Move.Resume(3, 2)]);
        story.GoesOn(2);
        story.GoesOn(3);
        story.Arrange(3).ShouldHaveSingleItem().ShouldBeOfType<Move.Replace>().Parent.ShouldBe(1);
    }

    [Theory]
    [InlineData(TrialPhase.Failed)]
    [InlineData(TrialPhase.Cancelled)]
    [InlineData(TrialPhase.Pruned)]
    public void Members_that_are_lost_block_nobody_and_are_nobodys_parent(TrialPhase phase)
    {
        var story = Four("synchronous");
        story.Wait(1, 1, 0); // the best, and lost
        story.End(1, phase, FailureClass.Lost);
        foreach (int trial in (int[])[2, 3])
            story.Wait(trial, 1, trial);
        story.End(4, phase, FailureClass.Lost);

        var moves = story.Arrange(9);

        moves[0].ShouldBe(new Move.Resume(2, 2));
        moves[1].ShouldBeOfType<Move.Replace>().Parent.ShouldBe(2);
    }

    [Fact]
    public void A_successor_is_waited_for_at_the_next_milestone()
    {
        var story = Four("synchronous");
        foreach (int trial in Enumerable.Range(1, 4))
            story.Wait(trial, 1, trial);
        story.End(4, TrialPhase.Pruned);
        story.Begin(5, parent: 1, replaces: 4);
        foreach (int trial in Enumerable.Range(1, 3))
            story.Wait(trial, 2, trial);
        story.Arrange(9).ShouldBeEmpty();

        story.Wait(5, 2, 1.5);
        story.Arrange(9).Select(m => m is Move.Replace r ? -r.Trial : ((Move.Resume)m).Trial).ShouldBe([1, 5, 2, -3]);
    }

    [Fact]
    public void One_by_one_a_bad_trial_does_not_wait_for_the_others()
    {
        var story = Four("asynchronous");
        story.Wait(1, 1, 1);
        story.Arrange(9).ShouldBe([new Move.Resume(1, 2)]); // alone, nobody is bad
        story.GoesOn(1);

        story.Wait(2, 1, 9);
        story.Arrange(9).ShouldHaveSingleItem().ShouldBeOfType<Move.Replace>().ShouldSatisfyAllConditions(
            m => m.Parent.ShouldBe(1), m => m.ParentStep.ShouldBe(1), m => m.Until.ShouldBe(2));
    }

    [Fact]
    public void Nobody_goes_on_from_weights_that_are_younger_than_its_own()
    {
        var story = Four("asynchronous");
        story.Wait(1, 1, 1);
        story.Wait(2, 3, 9);

        story.Arrange(9).ShouldBe([new Move.Resume(1, 2), new Move.Resume(2, 4)]);
    }

    [Fact]
    public void The_parents_newest_milestone_is_where_the_successor_begins()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 8, ("interval", 2)) with { MaxTrials = 2 });
        story.Begin(1);
        story.Wait(1, 2, 5);
        story.Wait(1, 4, 1);
        story.GoesOn(1);
        story.Report(1, 5, 0.5);
        story.Begin(2);
        story.Wait(2, 2, 9);

        story.Arrange(9).ShouldHaveSingleItem().ShouldBeOfType<Move.Replace>().ShouldSatisfyAllConditions(m => m.ParentStep.ShouldBe(4), m => m.Until.ShouldBe(6));
    }

    [Fact]
    public void More_trials_than_a_population_make_another_one()
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 8, ("population", 2), ("mode", "synchronous"), ("quantile", 0.5)) with { MaxTrials = 4 });
        story.Wait(1, 1, 1);
        story.Wait(2, 1, 2);
        story.Begin(3);

        story.Arrange(9).OfType<Move.Replace>().Single().Parent.ShouldBe(1);
        story.Wait(3, 1, 0);
        story.Arrange(9).OfType<Move.Replace>().Single().Parent.ShouldBe(1);
        story.Wait(4, 1, 5);
        story.Arrange(9).OfType<Move.Replace>().Select(m => m.Parent).ShouldBe([1, 3]);
    }

    [Fact]
    public void With_several_objectives_members_are_ordered_by_fronts()
    {
        var comparison = new ComparisonSpec([new ObjectiveSpec("size", Goal.Minimize)], []);
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 8, ("mode", "synchronous")) with { MaxTrials = 4, Comparison = comparison });
        foreach (var (trial, m, size) in (((int, double, double)[])[(1, 1, 9), (2, 5, 5), (3, 9, 1), (4, 9, 9)]))
        {
            story.Report(trial, 1, new Metric("m", m), new Metric("size", size));
            story.WaitsAt(trial, 1);
        }

        story.Arrange(9)[^1].ShouldBeOfType<Move.Replace>().ShouldSatisfyAllConditions(m => m.Trial.ShouldBe(4), m => m.Parent.ShouldBe(1));
    }

    [Theory]
    [InlineData("synchronous")]
    [InlineData("asynchronous")]
    public void A_population_ends_better_than_its_best_member_alone(string mode)
    {
        // Weights are a number that falls by what the learning rate is worth now: high at first, low later.
        var space = new ParameterSpace([new("rate", new LogUniform(0.01, 1))]);
        var setting = new SearchHistory(space, new ObjectiveSpec("m", Goal.Minimize), []) { Steps = 40, EvaluateEvery = 2, MaxTrials = 10 };
        double Best(IScheduler? scheduler)
        {
            Dictionary<(int, int), double> weights = [];
            var sweep = new SimulatedSweep(new RandomSampler(), scheduler, setting with { StoppingOptions = scheduler is null ? Assignment.Empty : Story.Options(("mode", mode)) }, new SearchRandom(4), 10, (trial, step) =>
            {
                double before = trial.Record.Parent is { } parent && weights.TryGetValue((parent, step - 2), out double inherited) && !weights.ContainsKey((trial.Number, step - 2))
                    ? inherited
                    : weights.GetValueOrDefault((trial.Number, step - 2), 100);
                double best = Math.Pow(10, -2 * step / 40.0), rate = trial.Assignment["rate"].AsNumber();
                return weights[(trial.Number, step)] = before * (1 - 0.3 * Math.Exp(-Math.Pow(Math.Log(rate / best), 2)));
            });
            sweep.Run();
            return sweep.Trials.Where(t => t.Record.Outcome!.Phase is TrialPhase.Succeeded).Min(t => t.Value!.Value);
        }

        Best(Scheduler).ShouldBeLessThan(Best(null) / 2);
    }

    private Story Four(string mode)
    {
        var story = new Story(Scheduler, Story.Setting(Goal.Minimize, 8, ("mode", mode)) with { MaxTrials = 4 });
        foreach (int trial in Enumerable.Range(1, 4))
            story.Begin(trial);
        return story;
    }
}
