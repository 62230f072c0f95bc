using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>How leases, trials and sweeps come to an end, also when a coordinator died on the way.</summary>
public sealed class TrialEndTests : CoordinationKit
{
    public static TheoryData<RunOutcome, string> Ends => new()
    {
        { new RunOutcome.Broken(FailureClass.Hardware, "the disk is full"), "lease-ended/1" },
        { new RunOutcome.Broken(FailureClass.NonFinite, "the loss is NaN"), "trial-concluded/1" },
        { new RunOutcome.Drained(50), "lease-ended/1" },
        { new RunOutcome.Completed(600, new string('d', 64)), "trial-concluded/1" },
    };

    [Theory]
    [MemberData(nameof(Ends), DisableDiscoveryEnumeration = true)]
    public void The_end_of_a_run_is_acknowledged_when_it_is_written_and_again_when_it_is_repeated(RunOutcome outcome, string manifest)
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        Coordinator.Tell(new FromWorker.Goodbye(new WorkerId("probe"), Instance), worker); // so that nobody gets the next lease

        for (int i = 0; i < 2; i++)
        {
            Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, outcome), worker);
            worker.FishForMessage(m => m is ToWorker.OutcomeAccepted or ToWorker.LeaseOver, Patience);
            JournalRows("trial-fashion-1", manifest).ShouldBe(1);
        }
    }

    [Fact]
    public void A_result_that_comes_after_its_lease_is_over_is_not_said_to_be_written()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        Coordinator.Tell(new FromWorker.Goodbye(new WorkerId("probe"), Instance), worker); // so that nobody gets the next lease
        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Drained(50)), worker);
        Fish<ToWorker.OutcomeAccepted>(worker);

        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 0, new RunOutcome.Completed(600, new string('d', 64))), worker);

        worker.FishForMessage(m => m is ToWorker.OutcomeAccepted or ToWorker.LeaseOver, Patience).ShouldBeOfType<ToWorker.LeaseOver>();
        JournalRows("trial-fashion-1", "trial-concluded/1").ShouldBe(0);
    }

    [Fact]
    public void The_failure_of_a_member_is_acknowledged_once_the_others_have_their_lease()
    {
        StartCoordinator(expectedWorkers: 2);
        var (leader, follower) = (CreateTestProbe(), CreateTestProbe());
        Hello(leader, "w1");
        Hello(follower, "w2");
        Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1, minWorkers: 1, maxWorkers: 2, shards: 2));
        var order = Fish<ToWorker.RunTrial>(leader).Order;

        Coordinator.Tell(new FromWorker.RunEnded(order.Lease, 1, new RunOutcome.Broken(FailureClass.Hardware, "the disk is full")), follower);
        Fish<ToWorker.OutcomeAccepted>(follower).Lease.ShouldBe(order.Lease);

        JournalRows("trial-fashion-1", "gang-changed/1").ShouldBe(1);
        JournalRows("trial-fashion-1", "lease-ended/1").ShouldBe(0);
    }

    [Fact]
    public void A_worker_that_reports_a_step_the_trial_does_not_have_loses_the_lease()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var order = TakeOrder(worker, Samples.Spec(maxTrials: 1, parallelTrials: 1));

        Coordinator.Tell(new FromWorker.EvaluationReported(order.Lease, new MetricReport(601, [new Metric("swd", 5)])), worker);
        var second = Fish<ToWorker.RunTrial>(worker, m => m.Order.Lease != order.Lease).Order.Lease;
        Coordinator.Tell(new FromWorker.CheckpointStored(second, ScriptedRunner.ManifestAt(601)), worker);
        var third = Fish<ToWorker.RunTrial>(worker, m => m.Order.Lease.Epoch > second.Epoch).Order.Lease;
        Coordinator.Tell(new FromWorker.EvaluationReported(third, new MetricReport(7, [new Metric("swd", 5)])), worker); // never due

        Fish<ToWorker.RunTrial>(worker, m => m.Order.Lease.Epoch > third.Epoch);
        JournalRows("trial-fashion-1", "metrics-reported/1").ShouldBe(0);
        JournalRows("trial-fashion-1", "checkpoint-committed/1").ShouldBe(0);
    }

    [Fact]
    public void Trials_that_lived_when_a_sweep_ended_and_its_coordinator_died_are_cancelled_by_the_next()
    {
        StartCoordinator(expectedWorkers: 2);
        var runner = new ScriptedRunner((order, observer, control) => order.Lease.Trial.Number == 1
            ? new RunOutcome.Broken(FailureClass.UserError, "the data is unreadable")
            : ScriptedRunner.UntilStopped(order, observer, control));
        StartWorker("w1", runner);
        StartWorker("w2", runner);
        SubmitAndAwaitEnd(Samples.Spec(maxTrials: 2, parallelTrials: 2, maxFailedTrials: 0)).Phase.ShouldBe(SweepPhase.Failed);
        AwaitCondition(() => JournalRows("sweep-fashion", "trial-ended/1") == 2, Patience);
        KillCoordinator();

        // As if it had died after the sweep's end was written, and before the other trial's.
        ChangeJournal("""
            DELETE FROM journal WHERE persistence_id = 'trial-fashion-2' AND manifest = 'trial-concluded/1';
            DELETE FROM journal WHERE persistence_id = 'sweep-fashion' AND manifest = 'trial-ended/1'
              AND sequence_number > (SELECT min(sequence_number) FROM journal WHERE persistence_id = 'sweep-fashion' AND manifest = 'trial-ended/1');
            """);
        StartCoordinator();

        Fish<SweepView>(Watch(), v => v.Trials[1].Phase is TrialPhase.Cancelled).Phase.ShouldBe(SweepPhase.Failed);
        JournalRows("trial-fashion-2", "trial-concluded/1").ShouldBe(1);
    }

    [Fact]
    public void A_sweep_whose_name_cannot_be_that_of_a_folder_or_an_actor_is_refused()
    {
        StartCoordinator();
        var probe = CreateTestProbe();

        Coordinator.Tell(new FromFace.Submit(Samples.Spec() with { Name = "../etc" }), probe);

        probe.ExpectMsg<ToFace.Submitted>(Patience).Refusal.ShouldNotBeNull().ShouldContain("'../etc'");
        JournalRows("coordinator", "sweep-registered/1").ShouldBe(0);
    }
}
