using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>How workers come and go: hellos that come late, twice or with old claims, and goodbyes that are not kept.</summary>
public sealed class AttachmentTests : CoordinationKit
{
    [Fact]
    public void A_hello_that_comes_again_and_again_costs_no_lease()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));

        // A coordinator that was frozen finds one for each half second it was away.
        for (int i = 0; i < 6; i++)
        {
            Hello(worker);
            Beat(worker);
            Fish<ToWorker.RunTrial>(worker).Order.Lease.ShouldBe(order.Lease);
        }

        Finish(worker, order.Lease);
        JournalRows("trial-fashion-1", "lease-ended/1").ShouldBe(0);
    }

    [Fact]
    public void A_worker_that_is_heard_and_hears_nothing_gets_no_work()
    {
        StartCoordinator();
        var deaf = CreateTestProbe();
        var hello = HelloOf();
        Coordinator.Tell(hello, deaf);
        var watcher = Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));
        Coordinator.Tell(hello, deaf);
        StartWorker("w1", new ScriptedRunner(ScriptedRunner.Succeed));

        AwaitEnd(watcher).Phase.ShouldBe(SweepPhase.Succeeded);
        Coordinator.Tell(hello with { Version = 99 }, deaf);

        while (deaf.ReceiveOne(Patience) is not ToWorker.Rejected and var heard)
            heard.ShouldBeOfType<ToWorker.Welcome>();
    }

    [Fact]
    public void A_worker_that_has_become_deaf_loses_its_trial_though_it_says_hello_again_and_again()
    {
        StartCoordinator(leaseTime: TimeSpan.FromSeconds(1));
        var deaf = CreateTestProbe();
        TakeOrder(deaf, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);

        AwaitAssert(
            () =>
            {
                Coordinator.Tell(HelloOf(), deaf);
                runner.Orders.ShouldHaveSingleItem().Lease.Epoch.ShouldBe(2);
            },
            Patience,
            TimeSpan.FromMilliseconds(50));
        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
    }

    [Fact]
    public void A_worker_that_holds_an_ended_trial_is_told_so_and_gets_the_next_one()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var first = TakeOrder(worker, Samples.Spec(maxTrials: 2, parallelTrials: 1));
        Finish(worker, first.Lease);
        Fish<ToWorker.RunTrial>(worker).Order.Lease.Trial.Number.ShouldBe(2);
        KillCoordinator();
        StartCoordinator();

        Hello(worker, held: first.Lease); // its acknowledgement was lost with the old coordinator
        Fish<ToWorker.LeaseOver>(worker).Lease.ShouldBe(first.Lease);

        var second = Fish<ToWorker.RunTrial>(worker).Order;
        second.Lease.ShouldBe(new Lease(new TrialId(Samples.Sweep, 2), 2));
        Finish(worker, second.Lease);
        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
    }

    [Fact]
    public void A_worker_that_holds_a_trial_of_an_unknown_sweep_is_told_so_and_gets_work()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var unknown = new Lease(new TrialId(new SweepId("no such/sweep"), 1), 1);

        Hello(worker, held: unknown);
        Fish<ToWorker.LeaseOver>(worker).Lease.ShouldBe(unknown);
        Beat(worker);
        Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1));

        Finish(worker, Fish<ToWorker.RunTrial>(worker).Order.Lease);
        JournalRows("coordinator", "coordinator-started/1").ShouldBe(1);
    }

    [Fact]
    public void A_late_hello_with_an_old_claim_does_not_move_a_worker_away_from_its_trial()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var first = TakeOrder(worker, Samples.Spec(maxTrials: 3, parallelTrials: 2));
        Finish(worker, first.Lease);
        var second = Fish<ToWorker.RunTrial>(worker).Order;

        Hello(worker, held: first.Lease);
        Beat(worker);

        Fish<ToWorker.RunTrial>(worker).Order.Lease.ShouldBe(second.Lease);
        Finish(worker, second.Lease);
        Finish(worker, Fish<ToWorker.RunTrial>(worker, m => m.Order.Lease.Trial != first.Lease.Trial && m.Order.Lease.Trial != second.Lease.Trial).Order.Lease);
        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
    }

    [Fact]
    public void A_worker_that_dies_between_goodbye_and_its_checkpoint_gives_the_trial_back_at_no_cost()
    {
        StartCoordinator(leaseTime: TimeSpan.FromSeconds(1));
        var leaving = CreateTestProbe();
        var order = TakeOrder(leaving, Samples.Spec(maxTrials: 1, parallelTrials: 1));

        Coordinator.Tell(new FromWorker.Goodbye(new WorkerId("probe"), Instance), leaving);
        Fish<ToWorker.StopRun>(leaving).Drain.ShouldBeTrue();
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);

        AwaitEnd(Watch()).Notices.ShouldBeEmpty(); // a preemption is no failure
        runner.Orders.ShouldHaveSingleItem().Lease.Epoch.ShouldBe(order.Lease.Epoch + 1);
    }

    [Fact]
    public void A_worker_that_said_goodbye_gets_no_other_trial()
    {
        StartCoordinator();
        var leaving = CreateTestProbe();
        var order = TakeOrder(leaving, Samples.Spec(maxTrials: 2, parallelTrials: 1));

        Coordinator.Tell(new FromWorker.Goodbye(new WorkerId("probe"), Instance), leaving);
        Fish<ToWorker.StopRun>(leaving);
        Finish(leaving, order.Lease);
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);

        AwaitEnd(Watch()).Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.ShouldHaveSingleItem().Lease.Trial.Number.ShouldBe(2);
    }

    [Fact]
    public void Trials_that_wait_while_others_end_get_one_gang_each()
    {
        StartCoordinator(expectedWorkers: 2);
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        StartWorker("w1", runner);
        StartWorker("w2", runner);

        SubmitAndAwaitEnd(Samples.Spec(maxTrials: 16, parallelTrials: 5)).Phase.ShouldBe(SweepPhase.Succeeded);

        runner.Orders.Select(o => o.Lease).ShouldBe(Enumerable.Range(1, 16).Select(n => new Lease(new TrialId(Samples.Sweep, n), 1)), ignoreOrder: true);
    }

    [Fact]
    public void A_drain_after_a_restart_reaches_the_gang_of_the_earlier_coordinator()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        KillCoordinator();
        StartCoordinator();
        Hello(worker, held: order.Lease);

        var drainer = CreateTestProbe();
        Coordinator.Tell(FromFace.DrainAll.Instance, drainer);
        Fish<ToWorker.StopRun>(worker, m => m.Drain).Lease.ShouldBe(order.Lease);
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new Core.Training.RunOutcome.Drained(50)), worker);

        drainer.ExpectMsg<ToFace.Drained>(Patience);
    }

    [Fact]
    public void Everyone_who_asked_for_a_drain_hears_of_its_end()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        var (first, second) = (CreateTestProbe(), CreateTestProbe());

        Coordinator.Tell(FromFace.DrainAll.Instance, first);
        Coordinator.Tell(FromFace.DrainAll.Instance, second);
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new Core.Training.RunOutcome.Drained(50)), worker);

        first.ExpectMsg<ToFace.Drained>(Patience);
        second.ExpectMsg<ToFace.Drained>(Patience);
    }

    private static FromWorker.Hello HelloOf() =>
        new(FromWorker.ProtocolVersion, new WorkerId("probe"), Instance, "cpu", "127.0.0.1", 1, null, null, 0);
}
