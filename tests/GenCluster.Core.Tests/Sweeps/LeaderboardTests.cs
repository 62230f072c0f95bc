using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Sweeps;

/// <summary>The journal's leaderboard and the one that people watch have the same order.</summary>
public sealed class LeaderboardTests
{
    private static readonly double?[] Objectives = [5, null, 3, double.NaN, 5, double.NegativeInfinity, 4];

    [Theory]
    [InlineData(Goal.Minimize, "3 7 1 5 2 4 6")]
    [InlineData(Goal.Maximize, "1 5 7 3 2 4 6")]
    public void Best_come_first_then_the_older_and_those_without_a_number_last(Goal goal, string expected)
    {
        var spec = Spec with { Objective = new ObjectiveSpec("swd", goal), Search = new SearchSpec("random", 7, 7) };
        ISweepEvent[] ends = [.. Objectives.Select((o, i) => new TrialEnded(i + 1, Succeeded(0) with { Objective = o }))];
        ISweepEvent[] proposals = [.. Objectives.Select((_, i) => new TrialProposed(i + 1, Assignment.Empty))];

        var state = SweepScenario.Given([new SweepSubmitted(Sweep, spec), .. proposals, .. ends]).State;
        var view = View(spec, [.. Objectives.Select((o, i) => Trial(i + 1, o))]);

        string.Join(' ', state.Leaderboard().Select(t => t.Number)).ShouldBe(expected);
        string.Join(' ', view.Leaderboard().Select(t => t.Number)).ShouldBe(expected);
    }

    [Fact]
    public void Living_trials_stand_below_those_that_have_ended()
    {
        SweepScenario.Given(
                new SweepSubmitted(Sweep, Spec), new TrialProposed(1, Assignment.Empty), new TrialProposed(2, Assignment.Empty),
                new TrialEnded(2, Succeeded(9)))
            .State.Leaderboard().Select(t => t.Number).ShouldBe([2, 1]);
    }

    [Fact]
    public void A_failed_trial_never_stands_above_one_that_succeeded_however_good_its_last_value()
    {
        SweepScenario.Given(
                new SweepSubmitted(Sweep, Spec), new TrialProposed(1, Assignment.Empty), new TrialProposed(2, Assignment.Empty),
                new TrialEnded(1, Failed with { Objective = 1 }), new TrialEnded(2, Succeeded(9)))
            .State.Leaderboard().Select(t => t.Number).ShouldBe([2, 1]);
        View(Spec, [Trial(1, 1) with { Phase = TrialPhase.Failed }, Trial(2, 9)]).Leaderboard().Select(t => t.Number).ShouldBe([2, 1]);
    }

    [Fact]
    public void Nothing_has_an_empty_leaderboard() => SweepState.New(Sweep).Leaderboard().ShouldBeEmpty();

    [Theory]
    [InlineData(SweepPhase.Running, false)]
    [InlineData(SweepPhase.Halted, true)]
    [InlineData(SweepPhase.Succeeded, true)]
    [InlineData(SweepPhase.Failed, true)]
    public void Who_watches_may_stop_when_nothing_runs_any_more(SweepPhase phase, bool ended) =>
        (View(Spec, []) with { Phase = phase }).HasEnded.ShouldBe(ended);

    [Fact]
    public void The_untrained_objective_is_that_of_the_first_trial_that_measured_it()
    {
        View(Spec, [Trial(1, null), Trial(2, null) with { Untrained = 90 }, Trial(3, null) with { Untrained = 80 }]).Untrained.ShouldBe(90);
        View(Spec, [Trial(1, 5)]).Untrained.ShouldBeNull();
    }

    private static SweepView View(SweepSpec spec, IReadOnlyList<TrialView> trials) => new(spec, SweepPhase.Running, null, trials, [], null, []);

    private static TrialView Trial(int number, double? objective) =>
        new(number, TrialPhase.Running, Assignment.Empty, 10, 30, 1, objective, null, [], [Anna], 1, "", "");
}
