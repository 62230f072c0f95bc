using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>
/// The coordinator with its sweeps and trials on a real SQLite journal, and real worker actors with a scripted runner,
/// in one actor system. (The wire itself is in the tests of the server, between processes.)
/// </summary>
public sealed class OrchestrationTests : CoordinationKit
{
    [Fact]
    public void A_sweep_runs_to_its_end_and_the_leaderboard_follows_the_objective()
    {
        StartCoordinator();
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);
        StartWorker("w2", runner);

        var view = SubmitAndAwaitEnd(Samples.Spec(maxTrials: 4));

        view.Phase.ShouldBe(SweepPhase.Succeeded);
        view.Leaderboard().Select(t => t.Number).ShouldBe([1, 2, 3, 4]);
        view.Trials.ShouldAllBe(t => t.Objective == 10 + t.Number && t.Untrained == 100 && t.Step == 600 && t.WeightsSha256.Length == 64);
        runner.Orders.Select(o => o.Lease.Trial.Number).ShouldBe([1, 2, 3, 4], ignoreOrder: true);
    }

    [Fact]
    public void A_gang_gets_one_order_each_with_the_same_secret_and_its_own_place()
    {
        StartCoordinator(expectedWorkers: 2);
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w2", runner);
        StartWorker("w1", runner);

        SubmitAndAwaitEnd(Samples.Spec(maxTrials: 1, parallelTrials: 1, maxWorkers: 2, shards: 2));

        AwaitAssert(() => runner.Orders.Count.ShouldBe(2), Patience);
        var orders = runner.Orders.OrderBy(o => o.Member).ToArray();
        orders.Select(o => o.Member).ShouldBe([0, 1]);
        orders[0].Members.Select(m => m.Worker.Value).ShouldBe(["w1", "w2"]);
        orders[0].Secret.Length.ShouldBe(32);
        orders[1].Secret.ShouldBe(orders[0].Secret);
        orders[1].Lease.ShouldBe(orders[0].Lease);
    }

    [Fact]
    public void A_restarted_worker_gives_the_trial_a_new_epoch_that_resumes_from_the_checkpoint()
    {
        StartCoordinator();
        using var committed = new ManualResetEventSlim();
        var dying = new ScriptedRunner((order, observer, control) =>
        {
            observer.Checkpointed(ScriptedRunner.ManifestAt(100));
            while (control.TakeKept() is null)
                control.Aborted.ThrowIfCancellationRequested();
            committed.Set();
            control.Aborted.WaitHandle.WaitOne();
            throw new OperationCanceledException();
        });
        var first = StartWorker("w1", dying);
        var watcher = Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        committed.Wait(Patience).ShouldBeTrue();

        Kill(first);
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);

        var view = AwaitEnd(watcher);
        view.Phase.ShouldBe(SweepPhase.Succeeded);
        view.Notices.ShouldContain(n => n.Contains("w1 was started again", StringComparison.Ordinal));
        var order = runner.Orders.ShouldHaveSingleItem();
        order.Lease.Epoch.ShouldBe(2);
        order.Checkpoints.ShouldBe([ScriptedRunner.ManifestAt(100)]);
    }

    [Fact]
    public void A_silent_worker_loses_its_lease_and_another_takes_over()
    {
        StartCoordinator(leaseTime: TimeSpan.FromSeconds(1));
        var mute = CreateTestProbe();
        var hello = new FromWorker.Hello(FromWorker.ProtocolVersion, new WorkerId("mute"), Guid.NewGuid(), "cpu", "127.0.0.1", 1, null, null, 0);
        Coordinator.Tell(hello, mute);
        mute.ExpectMsg<ToWorker.Welcome>(Patience);
        Coordinator.Tell(new FromWorker.Heartbeat(hello.Worker, hello.Instance, null, 0), mute);
        var watcher = Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        var order = mute.FishForMessage<ToWorker.RunTrial>(_ => true, Patience).Order;
        order.Lease.Epoch.ShouldBe(1);

        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);

        AwaitEnd(watcher).Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.ShouldHaveSingleItem().Lease.Epoch.ShouldBe(2);
    }

    [Fact]
    public void What_carries_an_old_epoch_is_refused_and_changes_nothing()
    {
        StartCoordinator();
        var probe = CreateTestProbe();
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);
        var view = SubmitAndAwaitEnd(Samples.Spec(maxTrials: 1, parallelTrials: 1));

        var old = new Lease(new TrialId(Samples.Sweep, 1), 0);
        Coordinator.Tell(new FromWorker.EvaluationReported(old, new MetricReport(600, [new Metric("swd", -1)])), probe);
        probe.ExpectMsg<ToWorker.LeaseOver>(Patience).Lease.ShouldBe(old);
        Coordinator.Tell(new FromWorker.CheckpointStored(new Lease(new TrialId(new SweepId("nobody"), 1), 1), ScriptedRunner.ManifestAt(1)), probe);
        probe.ExpectMsg<ToWorker.LeaseOver>(Patience);

        AwaitEnd(Watch()).Trials[0].Objective.ShouldBe(view.Trials[0].Objective);
    }

    [Fact]
    public void A_repeated_message_is_acknowledged_again_and_written_once()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        var report = new FromWorker.EvaluationReported(order.Lease, new MetricReport(600, [new Metric("swd", 5)]));
        var ended = new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Completed(600, new string('d', 64)));

        for (int i = 0; i < 3; i++)
        {
            Coordinator.Tell(report, worker);
            worker.FishForMessage<ToWorker.ReportAccepted>(_ => true, Patience).Step.ShouldBe(600);
        }

        for (int i = 0; i < 3; i++)
        {
            Coordinator.Tell(ended, worker);
            worker.FishForMessage<ToWorker.OutcomeAccepted>(_ => true, Patience);
        }

        var view = AwaitEnd(Watch());
        view.Trials.ShouldHaveSingleItem().WeightsSha256.ShouldBe(new string('d', 64));
        JournalRows("trial-fashion-1", "metrics-reported/1").ShouldBe(1);
        JournalRows("trial-fashion-1", "trial-concluded/1").ShouldBe(1);
    }

    [Fact]
    public void What_was_acknowledged_is_in_the_journal()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));

        Coordinator.Tell(new FromWorker.CheckpointStored(order.Lease, ScriptedRunner.ManifestAt(100)), worker);
        var accepted = worker.FishForMessage<ToWorker.CheckpointAccepted>(_ => true, Patience);

        JournalRows("trial-fashion-1", "checkpoint-committed/1").ShouldBe(1);
        accepted.Kept.ShouldBe([ScriptedRunner.ManifestAt(100)]);
    }

    [Fact]
    public void A_killed_coordinator_comes_back_with_a_higher_epoch_and_the_worker_goes_on_under_its_lease()
    {
        StartCoordinator();
        using var started = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var runner = new ScriptedRunner((order, observer, control) =>
        {
            started.Set();
            go.Wait(control.Aborted);
            return ScriptedRunner.Succeed(order, observer, control);
        });
        StartWorker("w1", runner);
        Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        started.Wait(Patience).ShouldBeTrue();

        KillCoordinator();
        go.Set();
        StartCoordinator();

        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.ShouldHaveSingleItem().Lease.Epoch.ShouldBe(1);
        JournalRows("coordinator", "coordinator-started/1").ShouldBe(2);
    }

    [Fact]
    public void The_same_result_after_the_coordinator_is_killed_at_every_stage()
    {
        StartCoordinator();
        var undisturbed = StartWorker("w1", new ScriptedRunner(ScriptedRunner.Succeed));
        var control = SubmitAndAwaitEnd(Samples.Spec(maxTrials: 6, parallelTrials: 2));
        Kill(undisturbed); // to it, the leases of the next journal would be old ones
        KillCoordinator();
        NewJournal();

        StartCoordinator();
        int orders = 0;
        StartWorker("w2", new ScriptedRunner((order, observer, run) =>
        {
            Interlocked.Increment(ref orders);
            return ScriptedRunner.Succeed(order, observer, run);
        }));
        var watcher = Submit(Samples.Spec(maxTrials: 6, parallelTrials: 2));
        for (int kill = 1; kill <= 4; kill++)
        {
            int reached = kill;
            AwaitCondition(() => Volatile.Read(ref orders) >= reached, Patience);
            KillCoordinator();
            StartCoordinator();
        }

        var view = AwaitEnd(Watch());
        view.Leaderboard().Select(t => (t.Number, t.Objective, t.Assignment, t.WeightsSha256))
            .ShouldBe(control.Leaderboard().Select(t => (t.Number, t.Objective, t.Assignment, t.WeightsSha256)));
    }

    [Fact]
    public void A_finished_sweep_is_shown_again_and_another_file_of_its_name_is_refused()
    {
        StartCoordinator();
        StartWorker("w1", new ScriptedRunner(ScriptedRunner.Succeed));
        var spec = Samples.Spec(maxTrials: 1, parallelTrials: 1);
        SubmitAndAwaitEnd(spec);
        KillCoordinator();
        StartCoordinator();

        var probe = CreateTestProbe();
        Coordinator.Tell(new FromFace.Submit(spec), probe);
        probe.ExpectMsg<ToFace.Submitted>(Patience).ShouldBe(new ToFace.Submitted(null, Known: true));
        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
        Coordinator.Tell(new FromFace.Submit(Samples.Spec(maxTrials: 2)), probe);
        probe.ExpectMsg<ToFace.Submitted>(Patience).Refusal.ShouldNotBeNull().ShouldContain("said something else");
    }

    [Fact]
    public void Draining_takes_a_checkpoint_and_the_next_coordinator_resumes_from_it()
    {
        StartCoordinator();
        var worker = StartWorker("w1", new ScriptedRunner(ScriptedRunner.UntilStopped));
        Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        AwaitCondition(() => JournalRows("trial-fashion-1", "lease-granted/1") == 1, Patience);

        var probe = CreateTestProbe();
        Coordinator.Tell(FromFace.DrainAll.Instance, probe);
        probe.ExpectMsg<ToFace.Drained>(Patience);
        Kill(worker);
        KillCoordinator();
        StartCoordinator();
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);

        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.ShouldHaveSingleItem().Checkpoints.ShouldBe([ScriptedRunner.ManifestAt(50)]);
    }

    [Fact]
    public void The_first_cause_of_a_broken_gang_is_what_people_see()
    {
        StartCoordinator(expectedWorkers: 2);
        using var echoed = new ManualResetEventSlim();
        StartWorker("w1", new ScriptedRunner((_, observer, control) =>
        {
            observer.GangBroke(1, "the connection to w2 closed");
            echoed.Set();
            control.WaitForOrder();
            return new RunOutcome.Drained(12);
        }));
        StartWorker("w2", new ScriptedRunner((_, _, control) =>
        {
            echoed.Wait(control.Aborted);
            return new RunOutcome.Broken(FailureClass.NonFinite, "the loss is NaN at step 12");
        }));

        var view = SubmitAndAwaitEnd(Samples.Spec(maxTrials: 1, parallelTrials: 1, minWorkers: 2, maxWorkers: 2, shards: 2));

        view.Phase.ShouldBe(SweepPhase.Failed);
        view.Trials.ShouldHaveSingleItem().Message.ShouldBe("the loss is NaN at step 12");
    }

    [Fact]
    public void A_trial_that_kills_its_workers_is_given_up_after_five_losses()
    {
        StartCoordinator();
        var runner = new ScriptedRunner((_, _, _) => new RunOutcome.Broken(FailureClass.Lost, "segmentation fault"));
        StartWorker("w1", runner);

        var view = SubmitAndAwaitEnd(Samples.Spec(maxTrials: 1, parallelTrials: 1));

        view.Phase.ShouldBe(SweepPhase.Failed);
        runner.Orders.Count.ShouldBe(FailureBudget.LossesUntilPoison);
    }

    [Fact]
    public void Failing_machines_halt_the_sweep_and_a_new_submission_resumes_it()
    {
        StartCoordinator();
        bool full = true;
        StartWorker("w1", new ScriptedRunner((order, observer, control) => Volatile.Read(ref full)
            ? new RunOutcome.Broken(FailureClass.Hardware, "no space is left on /runs")
            : ScriptedRunner.Succeed(order, observer, control)));
        var spec = Samples.Spec(maxTrials: 1, parallelTrials: 1);

        var halted = SubmitAndAwaitEnd(spec);
        halted.Phase.ShouldBe(SweepPhase.Halted);
        halted.HaltReason.ShouldNotBeNull().ShouldContain("no space is left on /runs");

        Volatile.Write(ref full, false);
        SubmitAndAwaitEnd(spec).Phase.ShouldBe(SweepPhase.Succeeded);
    }

    [Fact]
    public void More_failures_than_the_budget_end_the_sweep_and_cancel_what_still_runs()
    {
        StartCoordinator(expectedWorkers: 2);
        var runner = new ScriptedRunner((order, observer, control) => order.Lease.Trial.Number == 1
            ? ScriptedRunner.UntilStopped(order, observer, control)
            : new RunOutcome.Broken(FailureClass.UserError, "the data is unreadable"));
        StartWorker("w1", runner);
        StartWorker("w2", runner);

        var view = SubmitAndAwaitEnd(Samples.Spec(maxTrials: 9, parallelTrials: 2, maxFailedTrials: 1));

        view.Phase.ShouldBe(SweepPhase.Failed);
        view.Trials.Count(t => t.Phase is TrialPhase.Failed).ShouldBe(2);
    }

    [Fact]
    public void A_worker_of_another_release_is_told_so()
    {
        StartCoordinator();
        var probe = CreateTestProbe();

        Coordinator.Tell(new FromWorker.Hello(99, new WorkerId("old"), Guid.NewGuid(), "cpu", "127.0.0.1", 1, null, null, 0), probe);

        probe.ExpectMsg<ToWorker.Rejected>(Patience).Reason.ShouldContain("speaks protocol 99");
    }

    [Fact]
    public void A_leaving_worker_is_relieved_after_a_checkpoint_and_its_departure_costs_no_attempt()
    {
        StartCoordinator();
        var leaving = StartWorker("w1", new ScriptedRunner(ScriptedRunner.UntilStopped));
        var watcher = Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        AwaitCondition(() => JournalRows("trial-fashion-1", "lease-granted/1") == 1, Patience);

        var probe = CreateTestProbe();
        leaving.Tell(WorkerActor.Leave.Instance, probe);
        probe.ExpectMsg<WorkerActor.Left>(Patience);
        JournalRows("trial-fashion-1", "checkpoint-committed/1").ShouldBe(1);
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w2", runner);

        AwaitEnd(watcher).Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.ShouldHaveSingleItem().Checkpoints.ShouldNotBeEmpty();
    }
}
