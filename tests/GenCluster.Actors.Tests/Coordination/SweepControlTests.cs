using Akka.Actor;
using Akka.TestKit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>What people ask of sweeps and trials at work, and what workers hear of it.</summary>
public sealed class SweepControlTests : CoordinationKit
{
    private static readonly SweepSpec OneByOne = Samples.Spec(maxTrials: 3, parallelTrials: 1);

    private readonly TestProbe worker;

    public SweepControlTests()
    {
        worker = CreateTestProbe();
        StartCoordinator();
    }

    [Fact]
    public void A_paused_sweep_lets_its_trials_end_and_begins_no_others_until_it_is_resumed()
    {
        var order = TakeOrder(worker, OneByOne);
        var watcher = Watch();

        Ask(Verb.Pause);
        Finish(worker, order.Lease);

        var paused = watcher.FishForMessage<SweepView>(v => v.Trials is [{ Phase: TrialPhase.Succeeded }], Patience);
        (paused.Phase, paused.HasEnded).ShouldBe((SweepPhase.Paused, false));
        Ask(Verb.Resume);
        Fish<ToWorker.RunTrial>(worker).Order.Lease.Trial.Number.ShouldBe(2);
    }

    [Fact]
    public void A_stopped_sweep_ends_with_the_trials_that_are_at_work()
    {
        var order = TakeOrder(worker, OneByOne);

        Ask(Verb.Stop);
        Finish(worker, order.Lease);

        var ended = AwaitEnd(Watch());
        (ended.Phase, ended.Trials.Count, ended.EndReason).ShouldBe((SweepPhase.Succeeded, 1, "stopped by ada"));
    }

    [Fact]
    public void A_cancelled_sweep_sends_its_workers_home()
    {
        var order = TakeOrder(worker, OneByOne);

        Ask(Verb.Cancel);

        var stop = Fish<ToWorker.StopRun>(worker);
        (stop.Lease, stop.Drain).ShouldBe((order.Lease, false));
        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Cancelled);
        AwaitAssert(() => JournalRows("trial-fashion-1", "trial-concluded/1").ShouldBe(1), Patience);
    }

    [Fact]
    public void A_paused_trial_is_stored_gives_its_place_to_another_and_goes_on_from_there()
    {
        var order = TakeOrder(worker, OneByOne);

        Ask(Verb.Pause, trial: 1);
        Fish<ToWorker.StopRun>(worker).Drain.ShouldBeTrue();
        Store(order.Lease, step: 50);
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Drained(50)), worker);

        var next = Fish<ToWorker.RunTrial>(worker).Order;
        next.Lease.Trial.Number.ShouldBe(2);
        Watch().FishForMessage<SweepView>(v => v.Trials[0].Phase is TrialPhase.Paused, Patience);
        Ask(Verb.Resume, trial: 1);
        Finish(worker, next.Lease);
        var again = Fish<ToWorker.RunTrial>(worker).Order;
        (again.Lease.Trial.Number, again.Checkpoints[0].Step).ShouldBe((1, 50));
    }

    [Fact]
    public void A_stopped_trial_counts_with_what_it_has_reached()
    {
        var order = TakeOrder(worker, OneByOne);
        Coordinator.Tell(new FromWorker.EvaluationReported(order.Lease, new MetricReport(200, [new Metric("swd", 8)])), worker);
        Fish<ToWorker.ReportAccepted>(worker);

        Ask(Verb.Stop, trial: 1);
        var stop = Fish<ToWorker.StopRun>(worker);
        (stop.Drain, stop.Finish).ShouldBe((true, true));
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Completed(200, new string('d', 64))), worker);

        var ended = Watch().FishForMessage<SweepView>(v => v.Trials[0].Phase is TrialPhase.Succeeded, Patience).Trials[0];
        (ended.Step, ended.Objective, ended.Message).ShouldBe((200, 8, "stopped"));
        Fish<ToWorker.RunTrial>(worker).Order.Lease.Trial.Number.ShouldBe(2);
    }

    [Fact]
    public void A_cancelled_trial_ends_at_once_and_another_one_begins()
    {
        var order = TakeOrder(worker, OneByOne);

        Ask(Verb.Cancel, trial: 1);

        Fish<ToWorker.StopRun>(worker).Drain.ShouldBeFalse();
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Completed(600, new string('d', 64))), worker);
        Fish<ToWorker.RunTrial>(worker).Order.Lease.Trial.Number.ShouldBe(2);
        Watch().FishForMessage<SweepView>(v => v.Trials[0].Phase is TrialPhase.Cancelled, Patience);
    }

    [Fact]
    public void A_verb_that_makes_no_sense_is_refused_and_one_that_is_repeated_is_not()
    {
        TakeOrder(worker, OneByOne);

        Refusal(Verb.Pause, 9).ShouldBe("sweep fashion has no trial 9");
        Ask(Verb.Stop);
        Ask(Verb.Stop);
        Refusal(Verb.Pause, null).ShouldBe("sweep fashion is stopping and begins no new trials");
    }

    [Fact]
    public void Device_hours_that_are_used_up_end_the_sweep()
    {
        TakeOrder(worker, OneByOne with { Budget = new BudgetSpec(9, DeviceHours: 1e-6) });

        var ended = AwaitEnd(Watch());

        (ended.Phase, ended.EndReason).ShouldBe((SweepPhase.Failed, "its 0 device hours are used up"));
        Fish<ToWorker.StopRun>(worker).Drain.ShouldBeFalse();
    }

    [Fact]
    public void A_warm_start_begins_with_the_best_weights_and_gives_them_back_in_the_end()
    {
        var first = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        Store(first.Lease, step: 600);
        Finish(worker, first.Lease);
        AwaitEnd(Watch());

        Submitted(Samples.Spec(maxTrials: 1, parallelTrials: 1) with { Name = "later", WarmStart = new WarmStartSpec("fashion", Top: 5, Weights: true) });

        var order = Fish<ToWorker.RunTrial>(worker).Order;
        order.Definition.Origin.ShouldBe(new TrialOrigin(first.Lease.Trial, ScriptedRunner.ManifestAt(600), WeightsOnly: true));
        JournalRows("sweep-later", "evidence-taken/1").ShouldBe(1);
        JournalRows("trial-fashion-1", "checkpoint-released/1").ShouldBe(0);
        Finish(worker, order.Lease);
        AwaitAssert(() => JournalRows("trial-fashion-1", "checkpoint-released/1").ShouldBe(1), Patience);
    }

    [Fact]
    public void Whoever_asks_for_a_checkpoint_is_answered_also_while_the_trials_actor_leaves()
    {
        const int count = 2_000;
        var order = TakeOrder(worker, OneByOne);
        Store(order.Lease, step: 600);
        var asker = CreateTestProbe();

        Finish(worker, order.Lease);
        for (int i = 0; i < count; i++) // some of them find it on its way out
            Coordinator.Tell(new Local.ToTrial(order.Lease.Trial, new Local.Pin($"sweep-{i}", 600)), asker);

        for (int i = 0; i < count; i++)
            asker.ExpectMsg<Local.Pinned>(Patience).Manifest.ShouldNotBeNull();
    }

    private void Store(Lease lease, int step)
    {
        Coordinator.Tell(new FromWorker.CheckpointStored(lease, ScriptedRunner.ManifestAt(step)), worker);
        Fish<ToWorker.CheckpointAccepted>(worker);
    }

    private void Ask(Verb verb, int? trial = null) => Refusal(verb, trial).ShouldBeNull();

    private string? Refusal(Verb verb, int? trial)
    {
        var asker = CreateTestProbe();
        Coordinator.Tell(new FromFace.Control(Samples.Sweep, trial, verb, "ada"), asker);
        return asker.ExpectMsg<ToFace.Controlled>(Patience).Refusal;
    }

    private void Submitted(SweepSpec spec)
    {
        var asker = CreateTestProbe();
        Coordinator.Tell(new FromFace.Submit(spec), asker);
        asker.ExpectMsg<ToFace.Submitted>(Patience).Refusal.ShouldBeNull();
    }
}
