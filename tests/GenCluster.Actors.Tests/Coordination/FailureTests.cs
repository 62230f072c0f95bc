using Akka.Actor;
using Akka.TestKit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>What failures cost trials, and which workers are given work after them.</summary>
public sealed class FailureTests : CoordinationKit
{
    private const string OutOfMemory = "the device has too little memory";

    [Fact]
    public void A_machine_that_is_too_small_fails_no_trial_while_there_is_another_and_is_set_aside()
    {
        StartCoordinator(expectedWorkers: 2);
        var burnt = new ScriptedRunner((_, _, _) => new RunOutcome.Broken(FailureClass.OutOfMemory, OutOfMemory));
        StartWorker("w1", burnt);
        StartWorker("w2", new ScriptedRunner(ScriptedRunner.Succeed));

        var watcher = Submit(Samples.Spec(maxTrials: 12, parallelTrials: 3));
        var view = AwaitEnd(watcher);

        view.Phase.ShouldBe(SweepPhase.Succeeded);
        view.Trials.ShouldAllBe(t => t.Phase == TrialPhase.Succeeded);
        burnt.Orders.Count.ShouldBeInRange(1, 5, "then it is left alone for a while");
    }

    [Fact]
    public void A_worker_that_is_set_aside_is_shown_and_told_of()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        Hello(worker);
        Submit(Samples.Spec(maxTrials: 9, parallelTrials: 1));
        var watcher = Watch();

        for (int failure = 0; failure < 5; failure++) // of three trials: two of each, and one
        {
            var order = Fish<ToWorker.RunTrial>(worker).Order;
            Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Broken(FailureClass.OutOfMemory, OutOfMemory)), worker);
            Fish<ToWorker.OutcomeAccepted>(worker);
        }

        var view = Fish<SweepView>(watcher, v => v.Workers.Any(w => w.SetAside is not null));
        view.Workers.Single().SetAside!.Cause.ShouldBe(FailureClass.OutOfMemory);
        Fish<SweepView>(watcher, v => v.Notices.Any(n => n.StartsWith("probe is set aside for 15 s: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_first_cause_its_worker_and_its_step_are_in_the_outcome()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        Hello(worker);
        var watcher = Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        string[] said = ["segmentation fault", "the connection closed", "the connection closed", "the connection closed", "the connection closed"];
        foreach (string message in said)
        {
            var order = Fish<ToWorker.RunTrial>(worker).Order;
            Coordinator.Tell(new FromWorker.RunStarted(order.Lease, 7), worker);
            Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Broken(FailureClass.Lost, message)), worker);
            Fish<ToWorker.OutcomeAccepted>(worker);
        }

        var trial = AwaitEnd(watcher).Trials.ShouldHaveSingleItem();

        trial.Message.ShouldBe("segmentation fault, at step 7; failure 5 in a row was: the connection closed, at step 7");
        trial.LastCause.ShouldBe(FailureClass.Lost);
    }

    [Fact]
    public void A_trial_that_a_leaving_worker_gives_back_is_drained_and_costs_nothing()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        var watcher = Watch();

        for (int i = 0; i < 3; i++) // it may say so as often as it likes
            Coordinator.Tell(new FromWorker.Goodbye(new WorkerId("probe"), Instance), worker);
        Fish<ToWorker.StopRun>(worker, m => m.Drain);
        Coordinator.Tell(new FromWorker.CheckpointStored(order.Lease, ScriptedRunner.ManifestAt(50)), worker);
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Drained(50)), worker);
        Fish<ToWorker.OutcomeAccepted>(worker);

        var trial = Fish<SweepView>(watcher, v => v.Trials.Any(t => t.LastCause is not null)).Trials.ShouldHaveSingleItem();
        (trial.Phase, trial.LastCause, trial.Message, trial.Restarts).ShouldBe((TrialPhase.Pending, FailureClass.Preempted, "drained: probe leaves", 0));
        trial.Delay.ShouldBe(TimeSpan.Zero);
    }
}
