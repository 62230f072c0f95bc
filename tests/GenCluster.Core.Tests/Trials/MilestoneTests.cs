using GenCluster.Core.Checkpoints;
using GenCluster.Core.Decisions;
using GenCluster.Core.Search;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;
using static GenCluster.Core.Tests.Support.TrialScenario;

namespace GenCluster.Core.Tests.Trials;

/// <summary>A trial that waits at milestones: how it gets there, goes on, and ends there.</summary>
public sealed class MilestoneTests
{
    private static readonly ITrialEvent[] ToTen = [new TrialCreated(Definition, Until: 10), new LeaseGranted(1, [Anna, Ben], At: 1_000)];

    private static readonly ITrialEvent[] Waiting =
        [.. ToTen, new MetricsReported(1, Report(10, 50)), new CheckpointCommitted(1, Manifest(10)), new TrialPaused(1, 10, At: 3_000)];

    [Fact]
    public void Pauses_when_the_evaluation_and_the_checkpoint_of_the_milestone_are_written_whichever_comes_first()
    {
        Given(ToTen).After(new ReportMetrics(1, Report(10, 50))).When(new CommitCheckpoint(1, Manifest(10), At: 3_000))
            .Then(new CheckpointCommitted(1, Manifest(10)), new TrialPaused(1, 10, At: 3_000));
        Given(ToTen).After(new CommitCheckpoint(1, Manifest(10))).When(new ReportMetrics(1, Report(10, 50), At: 3_000))
            .Then(new MetricsReported(1, Report(10, 50)), new TrialPaused(1, 10, At: 3_000));

        var waits = Given(Waiting).State;
        (waits.Phase, waits.WaitsAt, waits.Gang.Length, waits.DeviceSeconds).ShouldBe((TrialPhase.Paused, 10, 0, 4.0));
    }

    [Fact]
    public void Other_steps_are_no_milestone() =>
        Given(ToTen).After(new ReportMetrics(1, Report(5, 60))).When(new CommitCheckpoint(1, Manifest(5))).Then(new CheckpointCommitted(1, Manifest(5)));

    [Fact]
    public void Gets_no_gang_while_it_waits() => Given(Waiting).When(new GrantLease([Anna])).ThenRefused(RefusalCode.WrongState, "trial fashion/1 is Paused, not Pending");

    [Fact]
    public void Goes_on_once_to_the_next_milestone_or_to_the_end()
    {
        Given(Waiting).When(new ContinueTrial(20)).Then(new TrialContinued(20));
        Given(Waiting).When(new ContinueTrial(null)).Then(new TrialContinued(null));
        Given(Waiting).When(new ContinueTrial(10)).ThenNothing();
        Given([.. Waiting, new TrialContinued(20)]).When(new ContinueTrial(20)).ThenNothing();

        var on = Given([.. Waiting, new TrialContinued(20)]).State;
        (on.Phase, on.Until, on.WaitsAt).ShouldBe((TrialPhase.Pending, 20, null));
    }

    [Fact]
    public void Checkpoints_of_the_two_newest_milestones_stay_whatever_comes_after_them()
    {
        ITrialEvent[] events = [new TrialCreated(Definition, Until: 10)];
        for (int i = 1; i <= 3; i++)
        {
            int step = i * 10;
            events =
            [
                .. events, new LeaseGranted(i, [Anna]), new CheckpointCommitted(i, Manifest(step - 2)), new CheckpointCommitted(i, Manifest(step - 1)),
                new MetricsReported(i, Report(step, 100 - step)), new CheckpointCommitted(i, Manifest(step)), new TrialPaused(i, step), new TrialContinued(step + 10),
            ];
        }

        var state = Given([.. events, new LeaseGranted(4, [Anna]), new CheckpointCommitted(4, Manifest(35)), new CheckpointCommitted(4, Manifest(36))]).State;

        state.Milestones.ShouldBe([30, 20]);
        state.Checkpoints.Select(c => c.Step).ShouldBe([36, 35, 30, 20]);
        Retention.After([.. state.Checkpoints], Manifest(37), _ => null, Core.Sweeps.Goal.Minimize).Select(c => c.Step).ShouldBe([37, 36], "without milestones");
    }

    [Fact]
    public void A_ruling_ends_it_at_the_step_it_is_about_however_far_it_is()
    {
        var given = Given([.. ToTen, new MetricsReported(1, Report(5, 60)), new MetricsReported(1, Report(8, 40)), new CheckpointCommitted(1, Manifest(8))]);
        var ended = new TrialOutcome(TrialPhase.Pruned, 60, null, 5, "", null, "above the median", Metrics: [new Metric("swd", 60)], DeviceSeconds: 6);

        given.When(new PruneTrial(5, new Ruling(5, "above the median"), At: 4_000)).Then(new TrialConcluded(1, ended));
        Given([.. ToTen, new TrialConcluded(1, ended)]).When(new PruneTrial(5, new Ruling(5, "above the median"))).ThenNothing();
        Given(Waiting).When(new PruneTrial(10, new Ruling(10, "not promoted")))
            .Then(new TrialConcluded(1, new TrialOutcome(TrialPhase.Pruned, 50, null, 10, "", null, "not promoted", Metrics: [new Metric("swd", 50)], DeviceSeconds: 4)));
    }

    [Fact]
    public void A_trial_that_is_held_gets_no_gang_until_it_is_let_go()
    {
        Given(new TrialCreated(Definition)).When(new HoldTrial()).Then(new TrialHeld());
        var held = Given(new TrialCreated(Definition), new TrialHeld());
        held.State.Phase.ShouldBe(TrialPhase.Paused);
        held.When(new GrantLease([Anna])).ThenRefused(RefusalCode.WrongState, "trial fashion/1 is Paused, not Pending");
        held.When(new HoldTrial()).ThenNothing();
        held.When(new FreeTrial()).Then(new TrialFreed());
        Given(new TrialCreated(Definition), new TrialHeld(), new TrialFreed()).State.Phase.ShouldBe(TrialPhase.Pending);

        var running = Given([.. ToTen, new TrialHeld()]).State;
        running.Phase.ShouldBe(TrialPhase.Running, "its gang stores what it has first");
        Given([.. ToTen, new TrialHeld(), new LeaseEnded(1, FailureClass.Preempted, "drained")]).State.Phase.ShouldBe(TrialPhase.Paused);
        Given([.. Waiting, new TrialHeld(), new TrialFreed()]).State.Phase.ShouldBe(TrialPhase.Paused, "it waits at its milestone still");
        Given([.. Waiting, new TrialHeld(), new TrialContinued(20)]).State.Phase.ShouldBe(TrialPhase.Paused, "a person holds it still");
    }

    [Fact]
    public void A_trial_that_is_stopped_counts_with_what_it_has_reached()
    {
        Given(Waiting).When(new StopTrial("stopped by ada"))
            .Then(new TrialConcluded(1, new TrialOutcome(TrialPhase.Succeeded, 50, null, 10, "", null, "stopped by ada", Metrics: [new Metric("swd", 50)], DeviceSeconds: 4)));
        Given(new TrialCreated(Definition)).When(new StopTrial("stopped by ada"))
            .Then(new TrialConcluded(0, new TrialOutcome(TrialPhase.Cancelled, null, null, 0, "", null, "stopped by ada, and nothing was measured yet")));

        ITrialEvent[] stopping = [.. ToTen, new MetricsReported(1, Report(5, 60)), new TrialStopping("stopped by ada")];
        Given(ToTen).When(new StopTrial("stopped by ada")).Then(new TrialStopping("stopped by ada"));
        Given(stopping).When(new StopTrial("again")).ThenNothing();
        var reached = new TrialOutcome(TrialPhase.Succeeded, 60, null, 7, "f00d", null, "stopped by ada", Metrics: [new Metric("swd", 60)]);
        Given(stopping).When(new CompleteTrial(1, 7, "f00d")).Then(new TrialConcluded(1, reached));
        Given(stopping).When(new EndLease(1, FailureClass.Lost, "anna fell silent"))
            .Then(new TrialConcluded(1, reached with { Steps = 0, WeightsSha256 = "" }));
        Given(stopping).When(new ChangeGang(1, [Ben], FailureClass.UserError, "no such layer", 7))
            .Then(new TrialConcluded(1, reached with { Steps = 0, WeightsSha256 = "" }));
        Given([.. stopping, new MetricsReported(1, Report(10, 50))]).When(new CommitCheckpoint(1, Manifest(10)))
            .Then(new CheckpointCommitted(1, Manifest(10)));
    }

    [Fact]
    public void A_failed_trial_is_begun_again_from_its_checkpoint_once_for_each_time_it_is_asked()
    {
        ITrialEvent[] failed = [.. ToTen, new CheckpointCommitted(1, Manifest(8)), new LeaseEnded(1, FailureClass.UserError, "", TakesRestart: true), new TrialConcluded(1, Failed)];

        Given(failed).When(new ReopenTrial(1)).Then(new TrialReopened(1));
        var again = Given([.. failed, new TrialReopened(1)]);
        (again.State.Phase, again.State.Outcome, again.State.Restarts, again.State.Checkpoints[0].Step).ShouldBe((TrialPhase.Pending, null, 0, 8));
        again.When(new ReopenTrial(1)).ThenNothing();
        again.When(new GrantLease([Anna])).Then(new LeaseGranted(2, [Anna]));
        Given([.. failed, new TrialReopened(1), new TrialConcluded(1, Failed)]).When(new ReopenTrial(1)).ThenNothing();
        Given([.. ToTen, new TrialConcluded(1, Succeeded(5))]).When(new ReopenTrial(1)).ThenNothing();
    }

    [Fact]
    public void Time_of_all_its_workers_is_added_up_over_leases_and_changes()
    {
        Given(
            new TrialCreated(Definition), new LeaseGranted(1, [Anna], At: 10_000), new GangChanged(2, [Anna, Ben], null, "ben joined", 3, At: 14_000),
            new LeaseEnded(2, FailureClass.Preempted, "drained", At: 15_000), new LeaseGranted(3, [Ben], At: 60_000))
            .State.DeviceSecondsAt(61_000).ShouldBe(4 + 2 + 1);
        Given(new TrialCreated(Definition), new LeaseGranted(1, [Anna])).State.DeviceSecondsAt(61_000).ShouldBe(0, "a release that did not say");
        Given(new TrialCreated(Definition), new LeaseGranted(1, [Anna], At: 10_000)).State.DeviceSecondsAt(9_000).ShouldBe(0, "a clock that was set back");
    }
}
