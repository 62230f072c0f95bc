using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;
using static GenCluster.Core.Tests.Support.TrialScenario;

namespace GenCluster.Core.Tests.Trials;

public sealed class TrialDeciderTests
{
    private static readonly ITrialEvent[] Running = [new TrialCreated(Definition), new LeaseGranted(1, [Anna, Ben])];

    [Fact]
    public void A_new_trial_waits_without_an_epoch()
    {
        var state = Given(new TrialCreated(Definition)).State;

        (state.Phase, state.Epoch, state.HasEnded, state.IsStuck).ShouldBe((TrialPhase.Pending, 0, false, false));
        state.Gang.ShouldBeEmpty();
        (state.Objective, state.Untrained).ShouldBe((null, null));
    }

    [Fact]
    public void Every_grant_has_a_higher_epoch_and_keeps_the_order_of_the_gang()
    {
        Given(new TrialCreated(Definition)).When(new GrantLease([Ben, Anna])).Then(new LeaseGranted(1, [Ben, Anna]));
        Given([.. Running, new LeaseEnded(1, FailureClass.Preempted, "")]).When(new GrantLease([Anna])).Then(new LeaseGranted(2, [Anna]));

        var state = Given(Running).State;
        state.Lease.ShouldBe(new Lease(Trial, 1));
        state.Gang.ShouldBe([Anna, Ben]);
    }

    [Fact]
    public void Refusals_say_what_is_the_case()
    {
        Given().When(new ForgiveStalls()).ThenRefused(RefusalCode.Unknown, "trial fashion/1 does not exist");
        Given(Running).When(new GrantLease([Anna])).ThenRefused(RefusalCode.WrongState, "trial fashion/1 is Running, not Pending");
        Given(Running).When(new CreateTrial(Definition with { Model = "dcgan" }))
            .ThenRefused(RefusalCode.Conflict, "trial fashion/1 exists with another definition");
        Given(Running).When(new EndLease(2, FailureClass.Lost, ""))
            .ThenRefused(RefusalCode.StaleEpoch, "epoch 2 of trial fashion/1 is over: it is Running at epoch 1");
    }

    [Fact]
    public void A_thawed_worker_of_an_earlier_lease_changes_nothing()
    {
        var given = Given([.. Running, new LeaseEnded(1, FailureClass.Lost, "silent"), new LeaseGranted(2, [Ben])]);
        ITrialCommand[] late =
        [
            new ReportMetrics(1, Report(10, 5)), new CommitCheckpoint(1, Manifest(10)), new CompleteTrial(1, 30, "f00d"),
            new EndLease(1, FailureClass.UserError, "broken"),
        ];

        late.Select(command => given.When(command).Refusal?.Code).ShouldAllBe(code => code == RefusalCode.StaleEpoch);
    }

    [Theory]
    [InlineData(FailureClass.UserError)]
    [InlineData(FailureClass.NonFinite)]
    public void What_would_fail_again_fails_at_once(FailureClass cause)
    {
        Given(Running).When(new EndLease(1, cause, "said why"))
            .Then(new TrialConcluded(1, new TrialOutcome(TrialPhase.Failed, null, null, 0, "", cause, "said why")));
        Given(Running).When(new EndLease(1, cause, "said why", Ben, Step: 12))
            .Then(new TrialConcluded(1, new TrialOutcome(TrialPhase.Failed, null, null, 0, "", cause, "said why", Ben, 12)));
    }

    [Theory]
    [InlineData(FailureClass.OutOfMemory, FailureBudget.MemoryFailuresUntilFailed)]
    [InlineData(FailureClass.Lost, FailureBudget.LossesUntilPoison)]
    public void A_budget_is_used_up_by_failures_without_progress(FailureClass cause, int budget)
    {
        Attempts(cause).ShouldBe(budget);
    }

    [Fact]
    public void Each_class_has_a_budget_of_its_own()
    {
        var given = Given(new TrialCreated(Definition)).After(
        [
            .. Attempt(1, FailureClass.Lost), .. Attempt(2, FailureClass.Hardware),
            .. Attempt(3, FailureClass.Lost), .. Attempt(4, FailureClass.Hardware),
        ]);

        given = given.After(Attempt(5, FailureClass.OutOfMemory));

        given.State.Phase.ShouldBe(TrialPhase.Pending, "it is the first time that memory was short");
        given.State.IsStuck.ShouldBeFalse();
        given.After(Attempt(6, FailureClass.OutOfMemory)).State.Outcome.ShouldNotBeNull().Failure.ShouldBe(FailureClass.OutOfMemory);
    }

    [Fact]
    public void Preemptions_never_use_up_a_budget()
    {
        var given = Given(new TrialCreated(Definition)).After(Attempt(1, FailureClass.OutOfMemory));

        for (int epoch = 2; epoch < 40; epoch++)
            given = given.After(Attempt(epoch, FailureClass.Preempted));

        given.State.Phase.ShouldBe(TrialPhase.Pending);
        given.State.StallsBy(FailureClass.OutOfMemory).ShouldBe(1);
        given.State.StallsBy(FailureClass.Preempted).ShouldBe(0);
        given.State.LastMessage.ShouldBe("Preempted 39");
    }

    [Fact]
    public void Broken_machines_never_fail_a_trial_but_get_it_stuck()
    {
        var given = Given(new TrialCreated(Definition)).After([.. Attempt(1, FailureClass.Hardware), .. Attempt(2, FailureClass.Hardware)]);
        given.State.IsStuck.ShouldBeFalse();

        given = given.After(Attempt(3, FailureClass.Hardware));
        given.State.IsStuck.ShouldBeTrue();
        given.State.HasEnded.ShouldBeFalse();

        given.When(new ForgiveStalls()).Then(new StallsForgiven());
        given.After(new ForgiveStalls()).State.IsStuck.ShouldBeFalse();
    }

    [Fact]
    public void Progress_gives_all_budgets_back()
    {
        var given = Given(new TrialCreated(Definition));

        for (int epoch = 1; epoch < 20; epoch++)
        {
            var cause = epoch % 2 == 0 ? FailureClass.OutOfMemory : FailureClass.Hardware;
            given = given.After(new GrantLease([Anna]), new CommitCheckpoint(epoch, Manifest(epoch)), new EndLease(epoch, cause, ""));
        }

        given.State.Phase.ShouldBe(TrialPhase.Pending);
        given.State.IsStuck.ShouldBeFalse();
        given.State.Stalls.ShouldBe([KeyValuePair.Create(FailureClass.Hardware, 1)]);
    }

    [Fact]
    public void The_two_newest_checkpoints_are_kept()
    {
        Given(Running).After(Commit(10), Commit(20), Commit(30)).State.Checkpoints.ShouldBe([Manifest(30), Manifest(20)]);
    }

    [Fact]
    public void A_run_that_fell_back_makes_the_newer_checkpoints_anew()
    {
        var given = Given(Running).After(Commit(10), Commit(20), new EndLease(1, FailureClass.Lost, ""), new GrantLease([Anna]));

        given.After(new CommitCheckpoint(2, Manifest(15))).State.Checkpoints
            .ShouldBe([Manifest(15), Manifest(10)], "the one of step 20 is not of this run");
        given.After(new CommitCheckpoint(2, Manifest(20, "other"))).State.Checkpoints.ShouldBe([Manifest(20, "other"), Manifest(10)]);
    }

    [Fact]
    public void A_checkpoint_that_is_told_again_however_late_changes_nothing()
    {
        var given = Given(Running).After(Commit(10), Commit(20), Commit(30));

        given.When(Commit(30)).ThenNothing();
        given.When(Commit(10)).ThenNothing();
    }

    [Fact]
    public void A_gang_that_changes_goes_on_under_the_next_epoch_with_all_that_was_committed()
    {
        var given = Given(Running).After(Commit(10), new ReportMetrics(1, Report(10, 5)));

        given.When(new ChangeGang(1, [Ben], FailureClass.Lost, "anna was lost", 12)).Then(new GangChanged(2, [Ben], FailureClass.Lost, "anna was lost", 12));

        var state = given.After(new ChangeGang(1, [Ben], FailureClass.Lost, "anna was lost", 12)).State;
        (state.Phase, state.Epoch, state.Attempts, state.LastMessage).ShouldBe((TrialPhase.Running, 2, 1, "anna was lost"));
        state.Gang.ShouldBe([Ben]);
        state.Checkpoints.ShouldBe([Manifest(10)]);
        given.After(new ChangeGang(1, [Ben], null, "", 12)).When(new CommitCheckpoint(2, Manifest(10))).ThenNothing();
    }

    [Fact]
    public void The_lease_of_the_gang_before_a_change_is_over()
    {
        var given = Given([.. Running, new GangChanged(2, [Ben], FailureClass.Lost, "anna was lost", 12)]);
        ITrialCommand[] late =
        [
            new ReportMetrics(1, Report(10, 5)), new CommitCheckpoint(1, Manifest(10)), new CompleteTrial(1, 30, "f00d"),
            new EndLease(1, FailureClass.UserError, "broken"), new ChangeGang(1, [Anna], null, "", 12),
        ];

        late.Select(command => given.When(command).Refusal?.Code).ShouldAllBe(code => code == RefusalCode.StaleEpoch);
    }

    [Fact]
    public void Losses_at_the_same_step_use_up_the_budget_and_losses_after_progress_do_not()
    {
        var lasting = Given(Running);
        for (int epoch = 1; epoch < 20; epoch++)
            lasting = lasting.After(new ChangeGang(epoch, [Anna], FailureClass.Lost, "", Step: epoch));
        lasting.State.StallsBy(FailureClass.Lost).ShouldBe(1);

        var poisoned = Given(Running);
        for (int epoch = 1; epoch < FailureBudget.LossesUntilPoison; epoch++)
            poisoned = poisoned.After(new ChangeGang(epoch, [Anna], FailureClass.Lost, "", Step: 7));
        poisoned.After(new ChangeGang(FailureBudget.LossesUntilPoison, [Anna], FailureClass.Lost, "lost again", Step: 7)).State.Outcome
            .ShouldNotBeNull().Failure.ShouldBe(FailureClass.Lost);
    }

    [Fact]
    public void A_trial_that_fell_back_to_a_checkpoint_makes_no_progress_before_it_is_where_it_was()
    {
        var given = Given(Running).After(new ChangeGang(1, [Anna], FailureClass.Lost, "", Step: 20), new EndLease(2, FailureClass.Lost, ""), new GrantLease([Anna, Ben]));

        given.After(new ChangeGang(3, [Anna], FailureClass.Lost, "", Step: 15)).State.StallsBy(FailureClass.Lost).ShouldBe(3);
        given.After(new ChangeGang(3, [Anna], FailureClass.Lost, "", Step: 21)).State.StallsBy(FailureClass.Lost).ShouldBe(1);
    }

    [Fact]
    public void Joins_and_departures_cost_nothing()
    {
        var given = Given(Running).After(new ChangeGang(1, [Anna], FailureClass.Preempted, "ben leaves", 5), new ChangeGang(2, [Anna, Ben], null, "ben joined", 5));

        given.State.Stalls.ShouldBeEmpty();
    }

    [Fact]
    public void A_member_twice_in_a_gang_is_refused() =>
        Given(Running).When(new ChangeGang(1, [Anna, Anna], null, "", 5)).ThenRefused(RefusalCode.WrongState, "a gang for trial fashion/1 has no members, or one twice");

    [Fact]
    public void A_gang_without_members_is_refused() =>
        TrialDecider.Decide(Given(Running).After(new EndLease(1, FailureClass.Lost, "")).State, new GrantLease([])).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.WrongState);

    [Fact]
    public void A_step_is_reported_once_whatever_is_said_later()
    {
        var given = Given(Running).After(new ReportMetrics(1, Report(10, 5)));

        given.When(new ReportMetrics(1, Report(10, 6))).ThenNothing();
        given.When(new ReportMetrics(1, Report(20, 4))).Then(new MetricsReported(1, Report(20, 4)));
    }

    [Fact]
    public void Success_carries_the_newest_objective_and_that_of_untrained_weights()
    {
        var given = Given(Running).After(
            new ReportMetrics(1, Report(0, 100)), new ReportMetrics(1, Report(20, 30)), new ReportMetrics(1, Report(10, 20)));

        given.When(new CompleteTrial(1, 30, "f00d"))
            .Then(new TrialConcluded(1, new TrialOutcome(TrialPhase.Succeeded, 30, 100, 30, "f00d", null, "", Metrics: [new Metric("swd", 30)])));

        var ended = given.After(new CompleteTrial(1, 30, "f00d"), new CompleteTrial(1, 30, "f00d")).State;
        (ended.Phase, ended.HasEnded).ShouldBe((TrialPhase.Succeeded, true));
        ended.Gang.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(double.NaN, "'swd' is NaN at step 10")]
    [InlineData(double.PositiveInfinity, "'swd' is Infinity at step 10")]
    public void An_objective_that_is_not_finite_fails_the_trial_at_once(double objective, string message)
    {
        var failed = new TrialOutcome(TrialPhase.Failed, objective, null, 0, "", FailureClass.NonFinite, message, Metrics: [new Metric("swd", objective)]);

        Given(Running).When(new ReportMetrics(1, Report(10, objective))).Then(new MetricsReported(1, Report(10, objective)), new TrialConcluded(1, failed));
        Given([.. Running, new MetricsReported(1, Report(10, objective))]).When(new CompleteTrial(1, 30, "f00d")).Then(new TrialConcluded(1, failed));
    }

    [Fact]
    public void Completion_without_the_objective_is_the_users_error()
    {
        var failed = new TrialOutcome(TrialPhase.Failed, null, null, 0, "", FailureClass.UserError, "no value of 'swd' was reported");

        Given(Running).When(new CompleteTrial(1, 30, "f00d")).Then(new TrialConcluded(1, failed));
        Given(Running).After(new ReportMetrics(1, new MetricReport(30, [new Metric("loss", 1)])))
            .When(new CompleteTrial(1, 30, "f00d")).Then(new TrialConcluded(1, failed with { Metrics = [new Metric("loss", 1)] }));
    }

    [Fact]
    public void A_cancelled_trial_tells_how_far_it_came()
    {
        Given(Running).After(new ReportMetrics(1, Report(0, 100)), new ReportMetrics(1, Report(10, 50)), Commit(10))
            .When(new CancelTrial("the sweep has ended"))
            .Then(new TrialConcluded(1, new TrialOutcome(TrialPhase.Cancelled, 50, 100, 10, "", null, "the sweep has ended", Metrics: [new Metric("swd", 50)])));
    }

    [Fact]
    public void What_has_no_rule_is_a_bug_and_throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Given(Running).When(new Strange())).Message.ShouldStartWith("a command without a rule");
        Should.Throw<ArgumentOutOfRangeException>(() => Given(new Strange())).Message.ShouldStartWith("an event without a rule");
        Should.Throw<ArgumentOutOfRangeException>(() => Given(Running).When(new EndLease(1, (FailureClass)99, "")))
            .Message.ShouldStartWith("a failure without a rule");
    }

    private static CommitCheckpoint Commit(int step, string content = "a") => new(1, Manifest(step, content));

    private static ITrialCommand[] Attempt(int epoch, FailureClass cause) => [new GrantLease([Anna]), new EndLease(epoch, cause, $"{cause} {epoch}")];

    /// <summary>How many attempts a trial has when each ends with this failure.</summary>
    private static int Attempts(FailureClass cause)
    {
        var given = Given(new TrialCreated(Definition));
        int attempts = 0;
        while (!given.State.HasEnded)
            given = given.After(Attempt(++attempts, cause));

        given.State.Outcome.ShouldBe(new TrialOutcome(
            TrialPhase.Failed, null, null, 0, "", cause, $"{cause} 1; failure {attempts} in a row was: {cause} {attempts}"));
        return attempts;
    }

    private sealed record Strange : ITrialCommand, ITrialEvent;
}
