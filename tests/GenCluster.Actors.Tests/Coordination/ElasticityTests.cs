using Akka.Actor;
using Akka.TestKit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>How a gang changes while its trial runs on. The workers are probes: the test speaks for them.</summary>
public sealed class ElasticityTests : CoordinationKit
{
    private const string Journal = "trial-fashion-1";
    private static readonly Guid Second = new("0a0b0c0d-0000-0000-0000-000000000002");

    [Fact]
    public void The_survivors_of_a_loss_get_the_next_lease_and_nothing_is_granted_anew()
    {
        var (workers, old) = Gang(3, Spec(max: 3));
        Coordinator.Tell(new FromWorker.EvaluationReported(old.Lease, new MetricReport(200, [new Metric("swd", 5)])), workers[0]);
        Fish<ToWorker.ReportAccepted>(workers[0]);

        Restart(workers[1], "w2");

        var leader = Next(workers[0], 2);
        (leader.Member, leader.Forced).ShouldBe((0, true));
        leader.Members.Select(m => (m.Worker.Value, m.Shards)).ShouldBe([("w1", 2), ("w3", 2)]);
        leader.Reported.ShouldBe([200]);
        leader.Secret.ShouldNotBe(old.Secret, "who is out must not come back in");
        var follower = Next(workers[2], 2);
        (follower.Member, follower.Secret.SequenceEqual(leader.Secret)).ShouldBe((1, true));
        Rows("lease-granted/1", "gang-changed/1", "lease-ended/1").ShouldBe([1, 1, 0]);
        Fish<SweepView>(Watch(), v => v.Trials[0].Epoch == 2 && v.Notices.Any(n => n.StartsWith("trial 1: w2 was started again", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_follower_that_leads_after_a_loss_completes_the_trial()
    {
        var (workers, old) = Gang(2, Spec(max: 2));
        Restart(workers[0], "w1");
        var order = Next(workers[1], 2);
        order.Member.ShouldBe(0);

        Finish(workers[1], order.Lease);

        Coordinator.Tell(new FromWorker.RunEnded(old.Lease, 0, new RunOutcome.Completed(600, new string('e', 64))), workers[0]); // thawed too late
        AwaitEnd(Watch()).Trials[0].WeightsSha256.ShouldBe(new string('d', 64));
    }

    [Fact]
    public void Too_few_survivors_save_the_state_and_the_trial_waits_for_a_whole_gang()
    {
        var (workers, _) = Gang(2, Spec(min: 2, max: 2));
        var replaced = Restart(workers[1], "w2");
        var alone = Next(workers[0], 2);
        Fish<ToWorker.StopRun>(workers[0], m => m.Drain).Lease.ShouldBe(alone.Lease);

        Coordinator.Tell(new FromWorker.CheckpointStored(alone.Lease, ScriptedRunner.ManifestAt(150)), workers[0]);
        Coordinator.Tell(new FromWorker.RunEnded(alone.Lease, 0, new RunOutcome.Drained(150)), workers[0]);

        var again = Next(replaced, 3);
        again.Members.Length.ShouldBe(2);
        again.Checkpoints.ShouldBe([ScriptedRunner.ManifestAt(150)]);
    }

    [Fact]
    public void A_gang_that_breaks_without_a_loss_forms_anew_and_when_that_fails_goes_on_without_the_blamed()
    {
        var (workers, old) = Gang(3, Spec(max: 3));
        Coordinator.Tell(new FromWorker.GangBroke(old.Lease, 2, "the connection to w3 closed"), workers[0]);
        var same = Next(workers[1], 2);
        same.Members.Length.ShouldBe(3);
        same.Forced.ShouldBeTrue();

        Coordinator.Tell(new FromWorker.GangBroke(same.Lease, 2, "w3 does not answer"), workers[0]);
        Coordinator.Tell(new FromWorker.GangBroke(same.Lease, 0, "w1 does not answer"), workers[2]);

        Next(workers[0], 3).Members.Select(m => m.Worker.Value).ShouldBe(["w1", "w2"]);
        Fish<ToWorker.StopRun>(workers[2]).Drain.ShouldBeFalse();
    }

    [Fact]
    public void A_free_worker_joins_when_it_holds_the_state_and_the_others_finish_their_step()
    {
        var (workers, old) = Gang(1, Spec(max: 2));
        var joiner = Join("w2");
        var invitation = Next(joiner, 1);
        (invitation.Member, invitation.Members.Single().Shards).ShouldBe((TrialOrder.Joiner, 4));
        invitation.Secret.ShouldBe(old.Secret);

        Start(workers[0], old.Lease, 100);
        Coordinator.Tell(new FromWorker.JoinerReady(old.Lease, 100), joiner);

        var order = Next(joiner, 2);
        (order.Member, order.Forced).ShouldBe((1, false));
        order.Members.Select(m => (m.Worker.Value, m.Shards)).ShouldBe([("w1", 2), ("w2", 2)]);
        Next(workers[0], 2).Member.ShouldBe(0);
    }

    [Fact]
    public void A_joiner_that_is_lost_disturbs_nobody_and_is_asked_again()
    {
        var (workers, old) = Gang(1, Spec(max: 2));
        var joiner = Join("w2");
        Next(joiner, 1);

        var again = Restart(joiner, "w2");

        Next(again, 1).Member.ShouldBe(TrialOrder.Joiner);
        Rows("gang-changed/1").ShouldBe([0]);
        Finish(workers[0], old.Lease);
        Fish<ToWorker.StopRun>(again).Drain.ShouldBeFalse();
    }

    [Fact]
    public void A_joiner_that_loses_who_feeds_it_begins_again_once()
    {
        var (workers, old) = Gang(1, Spec(max: 2));
        var joiner = Join("w2");
        for (int i = 0; i < 2; i++)
        {
            Next(joiner, 1).Member.ShouldBe(TrialOrder.Joiner);
            Coordinator.Tell(new FromWorker.GangBroke(old.Lease, 0, "the connection to w1 closed"), joiner);
            Fish<ToWorker.StopRun>(joiner).Drain.ShouldBeFalse();
        }

        var other = Join("w3");
        Next(other, 1).Member.ShouldBe(TrialOrder.Joiner, "w2 is no longer asked");
        Rows("gang-changed/1").ShouldBe([0]);
    }

    [Fact]
    public void A_joiner_is_told_when_the_gang_changes_under_its_feet()
    {
        var (workers, old) = Gang(2, Spec(max: 3));
        var joiner = Join("w3");
        Next(joiner, 1);

        Restart(workers[1], "w2");
        var order = Next(joiner, 2);
        (order.Member, order.Members.Length).ShouldBe((TrialOrder.Joiner, 1));
        Coordinator.Tell(new FromWorker.JoinerReady(old.Lease, 90), joiner); // of the state that it held before
        Start(workers[0], order.Lease, 100);
        Coordinator.Tell(new FromWorker.JoinerReady(order.Lease, 100), joiner);

        Next(joiner, 3).Member.ShouldBe(1);
    }

    [Fact]
    public void A_member_that_leaves_stays_until_the_others_have_changed_over()
    {
        var (workers, old) = Gang(2, Spec(max: 2));
        Start(workers[0], old.Lease, 100);
        Start(workers[1], old.Lease, 100);

        Coordinator.Tell(new FromWorker.Goodbye(new WorkerId("w1"), Instance), workers[0]);
        var order = Next(workers[1], 2);
        (order.Member, order.Forced, order.Members.Single().Shards).ShouldBe((0, false, 4));
        Beat(workers[0], "w1", held: old.Lease);
        workers[0].HasMessages.ShouldBeFalse("it is needed for the step in flight");
        Start(workers[1], order.Lease, 101);

        Fish<ToWorker.StopRun>(workers[0]).Drain.ShouldBeFalse();
        Finish(workers[1], order.Lease);
        Rows("lease-ended/1").ShouldBe([0]);
    }

    [Fact]
    public void A_worker_is_spared_for_a_trial_that_waits()
    {
        var (workers, old) = Gang(2, Spec(max: 2));
        Start(workers[0], old.Lease, 100);
        Start(workers[1], old.Lease, 100);

        Submit(Spec(max: 2) with { Name = "other" });
        var order = Next(workers[0], 2);
        order.Members.ShouldHaveSingleItem().Worker.Value.ShouldBe("w1");
        Start(workers[0], order.Lease, 101);

        Fish<ToWorker.StopRun>(workers[1]);
        Fish<ToWorker.RunTrial>(workers[1]).Order.Lease.ShouldBe(new Lease(new TrialId(new SweepId("other"), 1), 1));
    }

    [Fact]
    public void A_worker_whose_run_fails_is_not_asked_to_join_again()
    {
        var (workers, old) = Gang(2, Spec(max: 2));

        Coordinator.Tell(new FromWorker.RunEnded(old.Lease, 1, new RunOutcome.Broken(FailureClass.Hardware, "the disk is full")), workers[1]);
        var order = Next(workers[0], 2);
        order.Members.Length.ShouldBe(1);
        Start(workers[0], order.Lease, 100);
        var other = Join("w3");

        Next(other, 2).Member.ShouldBe(TrialOrder.Joiner);
        Coordinator.Tell(new FromWorker.Heartbeat(new WorkerId("w2"), Instance, null, 0), workers[1]); // it has been free for longer
        workers[1].FishForMessage(m => m is ToWorker.HeartbeatAck || (m is ToWorker.RunTrial ? throw new InvalidOperationException("w2 was asked again") : false), Patience);
    }

    [Fact]
    public void A_member_that_missed_an_order_is_told_again_by_its_heartbeat_or_its_word()
    {
        var (workers, old) = Gang(2, Spec(max: 2));
        Restart(workers[1], "w2");
        var order = Next(workers[0], 2);

        Beat(workers[0], "w1", held: old.Lease);
        Next(workers[0], 2).Secret.ShouldBe(order.Secret);
        Coordinator.Tell(new FromWorker.EvaluationReported(old.Lease, new MetricReport(200, [new Metric("swd", 5)])), workers[0]);
        Next(workers[0], 2).Secret.ShouldBe(order.Secret, "what it said is not over: it is to say it under the new lease");
        JournalRows(Journal, "metrics-reported/1").ShouldBe(0);
    }

    [Fact]
    public void Shards_move_to_the_faster_member_when_that_is_wanted()
    {
        var (workers, old) = Gang(2, Spec(max: 2, rebalance: Rebalance.Auto));
        foreach (var (worker, seconds) in workers.Zip([0.1, 0.3]))
        {
            Start(worker, old.Lease, 100);
            for (int i = 0; i < 3; i++)
                Coordinator.Tell(new FromWorker.MemberMeasured(old.Lease, new MemberMeasure(100 + i, seconds, 0, 0)), worker);
        }

        var order = Next(workers[0], 2);

        order.Members.Select(m => m.Shards).ShouldBe([3, 1]);
        order.Forced.ShouldBeFalse();
    }

    [Fact]
    public void A_gang_goes_on_undisturbed_when_its_coordinator_is_restarted_and_heals_later()
    {
        var (workers, old) = Gang(2, Spec(max: 2));
        KillCoordinator();
        StartCoordinator();
        Hello(workers[0], "w1", held: old.Lease);
        Hello(workers[1], "w2", held: old.Lease);
        Coordinator.Tell(new FromWorker.EvaluationReported(old.Lease, new MetricReport(200, [new Metric("swd", 5)])), workers[0]);
        Fish<ToWorker.ReportAccepted>(workers[0]);
        Rows("gang-changed/1").ShouldBe([0]);

        Restart(workers[0], "w1");

        var order = Next(workers[1], 2);
        (order.Member, order.Members.Length, order.Secret.SequenceEqual(old.Secret)).ShouldBe((0, 1, false));
    }

    [Fact]
    public void A_change_that_a_coordinator_wrote_down_and_could_not_tell_is_told_by_the_next_as_another()
    {
        var (workers, old) = Gang(3, Spec(max: 3));
        Restart(workers[1], "w2");
        var missed = Next(workers[2], 2);
        KillCoordinator();
        StartCoordinator();

        Hello(workers[0], "w1", held: old.Lease); // has not heard of it
        Hello(workers[2], "w3", held: missed.Lease);

        var order = Next(workers[0], 3);
        order.Members.Select(m => m.Worker.Value).ShouldBe(["w1", "w3"]);
        order.Secret.ShouldNotBe(missed.Secret);
        Next(workers[2], 3).Member.ShouldBe(1);
        Rows("lease-ended/1").ShouldBe([0]);
    }

    [Fact]
    public void A_member_that_does_not_come_back_after_a_restart_is_lost_and_the_others_go_on()
    {
        var (workers, old) = Gang(2, Spec(max: 2));
        KillCoordinator();
        StartCoordinator(leaseTime: TimeSpan.FromSeconds(4));
        Hello(workers[1], "w2", held: old.Lease);

        var order = AwaitOrder(workers[1], "w2", old.Lease);

        (order.Lease.Epoch, order.Member).ShouldBe((2, 0));
        Rows("gang-changed/1", "lease-ended/1").ShouldBe([1, 0]);
    }

    [Fact]
    public void Real_workers_come_and_go_while_one_trial_runs_on()
    {
        StartCoordinator(leaseTime: TimeSpan.FromSeconds(1.5));
        var runner = new ScriptedRunner(ScriptedRunner.Elastic);
        StartWorker("w1", runner);
        var watcher = Submit(Spec(max: 3));
        AwaitMembers(watcher, "w1");
        var second = StartWorker("w2", runner);
        AwaitMembers(watcher, "w1", "w2");
        var third = StartWorker("w3", runner);
        AwaitMembers(watcher, "w1", "w2", "w3");

        Kill(second);
        AwaitMembers(watcher, "w1", "w3");
        var probe = CreateTestProbe();
        third.Tell(WorkerActor.Leave.Instance, probe);
        probe.ExpectMsg<WorkerActor.Left>(Patience);

        AwaitMembers(watcher, "w1");
        runner.Orders.Count.ShouldBe(3, "nobody was ever started again");
        Rows("lease-granted/1", "lease-ended/1").ShouldBe([1, 0]);
    }

    private static SweepSpec Spec(int max, int min = 1, Rebalance rebalance = Rebalance.None) =>
        Samples.Spec(maxTrials: 1, parallelTrials: 1, minWorkers: min, maxWorkers: max, shards: 4) with { Resources = new ResourceSpec(min, max, "auto", rebalance) };

    /// <summary>Workers w1, w2, ... that have their first order.</summary>
    private (TestProbe[] Workers, TrialOrder Order) Gang(int size, SweepSpec spec)
    {
        StartCoordinator(expectedWorkers: size);
        TestProbe[] workers = [.. Enumerable.Range(1, size).Select(i => Join($"w{i}"))];
        Submit(spec);
        return (workers, workers.Select(w => Fish<ToWorker.RunTrial>(w).Order).ToArray()[0]);
    }

    private TestProbe Join(string name)
    {
        var probe = CreateTestProbe();
        Hello(probe, name);
        return probe;
    }

    /// <summary>The same worker as another process: the one there was is lost, for certain and at once.</summary>
    private TestProbe Restart(TestProbe worker, string name)
    {
        Hello(worker, name, Second);
        return worker;
    }

    private void Start(TestProbe worker, Lease lease, int step) => Coordinator.Tell(new FromWorker.RunStarted(lease, step), worker);

    private static TrialOrder Next(TestProbe worker, long epoch) => Fish<ToWorker.RunTrial>(worker, m => m.Order.Lease.Epoch == epoch).Order;

    /// <summary>The next order, with heartbeats until it comes.</summary>
    private TrialOrder AwaitOrder(TestProbe worker, string name, Lease held)
    {
        while (true)
        {
            Beat(worker, name, held: held);
            if (worker.ReceiveOne(TimeSpan.FromMilliseconds(100)) is ToWorker.RunTrial next)
                return next.Order;
        }
    }

    private static void AwaitMembers(TestProbe watcher, params string[] names) =>
        Fish<SweepView>(watcher, v => v.Trials[0].Members.All(m => !m.Joins) && v.Trials[0].Gang.Select(w => w.Value).SequenceEqual(names));

    private int[] Rows(params string[] manifests) => [.. manifests.Select(m => JournalRows(Journal, m))];
}
