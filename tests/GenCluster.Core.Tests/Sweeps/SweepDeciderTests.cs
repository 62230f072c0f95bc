using GenCluster.Core.Decisions;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;
using static GenCluster.Core.Tests.Support.SweepScenario;

namespace GenCluster.Core.Tests.Sweeps;

/// <summary>The sweep here has three trials, two at a time, and may lose one.</summary>
public sealed class SweepDeciderTests
{
    private static readonly SweepSubmitted Submitted = new(Sweep, Spec);

    [Fact]
    public void A_sweep_is_accepted_once()
    {
        Given().When(new SubmitSweep(Spec)).Then(Submitted);
        Given(Submitted).When(new SubmitSweep(Spec with { Name = "fashion" })).ThenNothing();
    }

    [Fact]
    public void Refusals_say_what_is_the_case()
    {
        Given().When(new HaltSweep("")).ThenRefused(RefusalCode.Unknown, "sweep fashion does not exist");
        Given(Submitted).When(new SubmitSweep(Spec with { Training = Spec.Training with { Steps = 31 } }))
            .ThenRefused(RefusalCode.Conflict, "a sweep named 'fashion' exists and its file said something else");
        Given(Submitted).When(new RecordOutcome(4, Failed)).ThenRefused(RefusalCode.Unknown, "sweep fashion has no trial 4");
    }

    [Fact]
    public void As_many_configurations_are_wanted_as_may_run()
    {
        Wanted().ShouldBe(0, "nothing was submitted");
        Wanted(Submitted).ShouldBe(2);
        Wanted(Submitted, Proposed(1)).ShouldBe(1);
        Wanted(Submitted, Proposed(1), Proposed(2)).ShouldBe(0);
        Wanted(Submitted, Proposed(1), Proposed(2), Ended(1, Failed)).ShouldBe(1);
        Wanted(Submitted, Proposed(1), Proposed(2), Ended(1, Failed), Ended(2, Failed)).ShouldBe(1, "three in all");
        Wanted(Submitted, new SweepHalted("")).ShouldBe(0);
        Wanted(Submitted, new SweepHalted(""), new SweepResumed()).ShouldBe(2);
        Wanted(Submitted, new SweepEnded(SweepPhase.Failed)).ShouldBe(0);

        static int Wanted(params ISweepEvent[] events) => SweepDecider.Wanted(Given(events).State);
    }

    [Fact]
    public void No_more_configurations_are_taken_than_are_wanted()
    {
        Given(Submitted).When(Propose(1, 2, 3)).Then(Proposed(1), Proposed(2));
        Given(Submitted, Proposed(1)).When(Propose(2, 3)).Then(Proposed(2));
        Given(Submitted, Proposed(1), Proposed(2)).When(Propose(3)).ThenNothing();
        Given(Submitted).When(Propose()).ThenNothing();
    }

    [Fact]
    public void Only_the_next_numbers_are_taken()
    {
        Given(Submitted).When(Propose(2, 1)).Then(Proposed(1), Proposed(2));
        Given(Submitted, Proposed(1)).When(Propose(1, 2)).Then(Proposed(2));
        Given(Submitted).When(Propose(3)).ThenNothing();
        Given(Submitted).When(Propose(1, 3)).Then(Proposed(1));
        Given(Submitted).When(Propose(1, 1)).Then(Proposed(1));
        Given(Submitted).When(Propose(-1, 0)).ThenNothing();
    }

    [Fact]
    public void Succeeds_when_all_have_ended_and_any_succeeded()
    {
        var given = Given(Submitted, Proposed(1), Proposed(2), Ended(1, Succeeded(5)), Ended(2, Failed), Proposed(3));

        given.When(new RecordOutcome(3, Succeeded(6))).Then(Ended(3, Succeeded(6)), new SweepEnded(SweepPhase.Succeeded));
        given.When(new RecordOutcome(3, Cancelled)).Then(Ended(3, Cancelled), new SweepEnded(SweepPhase.Succeeded));
    }

    [Fact]
    public void Goes_on_while_trials_live_or_are_still_to_come()
    {
        Given(Submitted, Proposed(1), Proposed(2)).When(new RecordOutcome(1, Succeeded(5))).Then(Ended(1, Succeeded(5)));
        Given(Submitted, Proposed(1)).When(new RecordOutcome(1, Succeeded(5))).Then(Ended(1, Succeeded(5)));
    }

    [Fact]
    public void Fails_when_nothing_succeeded()
    {
        Given(Submitted, Proposed(1), Proposed(2), Ended(1, Cancelled), Ended(2, Failed), Proposed(3))
            .When(new RecordOutcome(3, Cancelled)).Then(Ended(3, Cancelled), new SweepEnded(SweepPhase.Failed));
    }

    [Fact]
    public void Fails_as_soon_as_more_trials_failed_than_may()
    {
        var given = Given(Submitted, Proposed(1), Proposed(2), Ended(1, Failed));
        given.State.HasEnded.ShouldBeFalse("one may fail");

        given.When(new RecordOutcome(2, Failed))
            .Then(Ended(2, Failed), new SweepEnded(SweepPhase.Failed, "2 trials have failed; budget.maxFailedTrials is 1"));
    }

    [Fact]
    public void Trials_that_end_after_the_sweep_are_still_recorded()
    {
        var given = Given(Submitted, Proposed(1), Proposed(2), Ended(1, Failed), Proposed(3), Ended(3, Failed), new SweepEnded(SweepPhase.Failed));

        given.When(new RecordOutcome(2, Cancelled)).Then(Ended(2, Cancelled));
    }

    [Fact]
    public void An_outcome_is_recorded_once_whatever_is_said_later()
    {
        Given(Submitted, Proposed(1), Ended(1, Succeeded(5))).When(new RecordOutcome(1, Failed)).ThenNothing();
    }

    [Fact]
    public void A_halted_sweep_goes_on_when_submitted_again()
    {
        var halted = Given(Submitted, Proposed(1), new SweepHalted("the disk is full"));

        (halted.State.Phase, halted.State.HaltReason).ShouldBe((SweepPhase.Halted, "the disk is full"));
        halted.When(new HaltSweep("another reason")).ThenNothing();
        halted.When(new SubmitSweep(Spec)).Then(new SweepResumed("", SweepPhase.Running));
        halted.When(new RecordOutcome(1, Succeeded(5))).Then(Ended(1, Succeeded(5)));

        var resumed = Given(Submitted, new SweepHalted("the disk is full"), new SweepResumed()).State;
        (resumed.Phase, resumed.HaltReason).ShouldBe((SweepPhase.Running, null));
    }

    [Theory]
    [InlineData(Verb.Pause, SweepPhase.Paused)]
    [InlineData(Verb.Stop, SweepPhase.Stopping)]
    public void A_halted_sweep_goes_on_as_what_it_was(Verb verb, SweepPhase phase)
    {
        var halted = Given(Submitted, Proposed(1), new SweepControlled(verb, null, "ada", phase), new SweepHalted("the disk is full"));

        halted.When(new ControlSweep(Verb.Resume, null, "bob")).Then(new SweepResumed("bob", phase));
        Given(Submitted, Proposed(1), new SweepControlled(verb, null, "ada", phase), new SweepHalted(""), new SweepResumed("", phase)).State.Phase.ShouldBe(phase);
    }

    [Fact]
    public void What_is_asked_of_a_trial_of_a_halted_sweep_is_kept_for_later()
    {
        ISweepEvent[] halted = [Submitted, Proposed(1), new SweepHalted("the disk is full")];
        var paused = new SweepControlled(Verb.Pause, 1, "ada", SweepPhase.Running);

        Given(halted).When(new ControlSweep(Verb.Pause, 1, "ada")).Then(paused);
        var state = Given([.. halted, paused]).State;
        (state.Phase, state.Trials[1].IsHeld).ShouldBe((SweepPhase.Halted, true));
        Given([.. halted, paused, new SweepControlled(Verb.Cancel, 1, "ada", SweepPhase.Running)]).State.Trials[1].ShouldSatisfyAllConditions(
            t => t.Asked.ShouldBe(Verb.Cancel), t => t.IsHeld.ShouldBeFalse());
    }

    [Fact]
    public void A_retry_gives_the_budget_of_failures_back_and_a_second_failure_uses_it_again()
    {
        ISweepEvent[] failed = [Submitted, Proposed(1), Proposed(2), Ended(1, Failed), Ended(2, Failed), new SweepEnded(SweepPhase.Failed, "too many")];
        ISweepEvent[] retried = [.. failed, new SweepControlled(Verb.Retry, null, "ada", SweepPhase.Running)];

        (Given(failed).State.Failed, Given(retried).State.Failed).ShouldBe((2, 0));
        var again = Given([.. retried, Ended(1, Failed)]);
        again.State.HasEnded.ShouldBeFalse("one may fail");
        again.When(new RecordOutcome(2, Failed, Round: 1)).Events.Last().ShouldBeOfType<SweepEnded>().Phase.ShouldBe(SweepPhase.Failed);
        again.When(new RecordOutcome(2, Failed, Round: 0)).ThenNothing(); // the end that was taken back
    }

    [Fact]
    public void What_has_no_rule_is_a_bug_and_throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Given(Submitted).When(new Strange())).Message.ShouldStartWith("a command without a rule");
        Should.Throw<ArgumentOutOfRangeException>(() => Given(new Strange())).Message.ShouldStartWith("an event without a rule");
    }

    private static TrialProposed Proposed(int number) => new(number, LearningRate(number));

    private static TrialEnded Ended(int number, TrialOutcome outcome) => new(number, outcome);

    private static TakeProposals Propose(params int[] numbers) => new([.. numbers.Select(n => new Proposal(n, LearningRate(n)))]);

    private sealed record Strange : ISweepCommand, ISweepEvent;
}
