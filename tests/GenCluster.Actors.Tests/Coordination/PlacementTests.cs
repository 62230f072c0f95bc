using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.TestKit;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>That what placement decides is done, and what it says is shown. The workers are probes: the test speaks for them.</summary>
public sealed class PlacementTests : CoordinationKit
{
    private static readonly SweepId Urgent = new("urgent");

    [Fact]
    public void A_trial_makes_room_for_a_higher_priority_after_a_checkpoint_and_goes_on_from_there()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var first = TakeOrder(worker, Spec(new ResourceSpec(1, 1, "auto")));

        Submit(UrgentSpec(new ResourceSpec(1, 1, "auto", Priority: 5)));
        Stop(worker, first.Lease, at: 150);

        var urgent = Fish<ToWorker.RunTrial>(worker).Order;
        urgent.Lease.ShouldBe(new Lease(new TrialId(Urgent, 1), 1));
        Finish(worker, urgent.Lease);
        var again = Fish<ToWorker.RunTrial>(worker).Order;
        again.Lease.ShouldBe(first.Lease with { Epoch = 2 });
        again.Checkpoints.ShouldBe([ScriptedRunner.ManifestAt(150)]);
        var trial = Fish<SweepView>(Watch(), v => v.Trials[0].Attempts == 2).Trials[0];
        (trial.Restarts, trial.LastCause).ShouldBe((0, Core.Trials.FailureClass.Preempted), "it costs the user nothing");
    }

    [Fact]
    public void A_trial_runs_for_its_minimum_time_before_it_makes_room()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var clock = Stopwatch.StartNew();
        var first = TakeOrder(worker, Spec(new ResourceSpec(1, 1, "auto", MinRuntimeSeconds: 2)));
        Submit(UrgentSpec(new ResourceSpec(1, 1, "auto", Priority: 5)));

        Reason(WatchUrgent()).ShouldContain("or to reach their minimum run time (fashion/1)");
        Stop(worker, first.Lease, at: 150);

        clock.Elapsed.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        Fish<ToWorker.RunTrial>(worker).Order.Lease.Trial.Sweep.ShouldBe(Urgent);
    }

    [Fact]
    public void Why_a_trial_waits_is_shown_until_it_runs()
    {
        StartCoordinator();
        var worker = CreateTestProbe();
        var first = TakeOrder(worker, Spec(new ResourceSpec(1, 1, "auto")));
        Submit(UrgentSpec(new ResourceSpec(1, 1, "auto")));
        var watcher = WatchUrgent();

        Reason(watcher).ShouldBe("needs 1 worker, 1 more than are free or can be spared; running trials have to end first");
        Finish(worker, first.Lease);

        Fish<SweepView>(watcher, v => v.Trials[0].Gang.Count > 0).Trials[0].Waiting.ShouldBeNull();
    }

    [Fact]
    public void Why_a_trial_has_a_gang_or_none_is_explained()
    {
        StartCoordinator();
        var (worker, face) = (CreateTestProbe(), CreateTestProbe());
        TakeOrder(worker, Spec(new ResourceSpec(1, 1, "auto")));
        Submit(UrgentSpec(new ResourceSpec(1, 1, "auto", Project: "vision")));
        Reason(WatchUrgent());

        Coordinator.Tell(new FromFace.Explain(Samples.Sweep, 1), face);
        var runs = face.ExpectMsg<ToFace.Explained>(Patience);
        Coordinator.Tell(new FromFace.Explain(Urgent, 1), face);
        var waits = face.ExpectMsg<ToFace.Explained>(Patience);
        Coordinator.Tell(new FromFace.Explain(Urgent, 77), face);
        var unknown = face.ExpectMsg<ToFace.Explained>(Patience);

        (runs.Standing, runs.Reason, runs.Workers, runs.Free).ShouldBe((ToFace.Standing.HasGang, null, 1, 0));
        runs.Gang.ShouldHaveSingleItem();
        waits.ShouldBe(new ToFace.Explained(
            ToFace.Standing.Waits, "needs 1 worker, 1 more than are free or can be spared; running trials have to end first",
            new ToFace.Needs(1, 1, "auto", 0, 0, "vision"), [], 1, 0));
        unknown.ShouldBe(new ToFace.Explained(ToFace.Standing.AsksForNone, null, null, [], 1, 0));
    }

    [Fact]
    public void A_sweep_that_its_project_can_never_run_is_refused()
    {
        StartCoordinator(projects: Quota(2));
        var face = CreateTestProbe();

        Coordinator.Tell(new FromFace.Submit(Samples.Spec(minWorkers: 3, maxWorkers: 4, shards: 4) with { Resources = new ResourceSpec(3, 4, "auto", Project: "vision") }), face);

        face.ExpectMsg<ToFace.Submitted>(Patience).Refusal.ShouldBe(
            "each trial needs 3 workers at once and project 'vision' may have 2; lower resources.workers.min, or ask the operator for a larger quota");
    }

    [Fact]
    public void A_project_has_no_more_workers_than_its_quota()
    {
        StartCoordinator(projects: Quota(1));
        var workers = new[] { CreateTestProbe(), CreateTestProbe() };
        Hello(workers[0], "w1");
        Hello(workers[1], "w2");

        var watcher = Submit(Spec(new ResourceSpec(1, 1, "auto", Project: "vision"), trials: 2));

        var view = Fish<SweepView>(watcher, v => v.Trials.Any(t => t.Waiting is not null) && v.Trials.Any(t => t.Gang.Count > 0));
        view.Trials.Single(t => t.Waiting is not null).Waiting.ShouldBe("needs 1 worker, and project 'vision' has 1 of the 1 it may have at one time");
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(6, 1)]
    public void Trials_share_a_device_as_far_as_its_memory_goes(long each, int run)
    {
        StartCoordinator();
        var device = new DeviceMemory("cuda 0", 10);
        var workers = new[] { CreateTestProbe(), CreateTestProbe() };
        Hello(workers[0], "w1", shared: device);
        Hello(workers[1], "w2", shared: device);

        var watcher = Submit(Spec(new ResourceSpec(1, 1, "auto", Memory: each, ShareDevice: true), trials: 2));

        Fish<SweepView>(watcher, v => v.Trials.Count == 2 && v.Trials.All(t => t.Gang.Count > 0 || t.Waiting is not null)).Trials.Count(t => t.Gang.Count > 0).ShouldBe(run);
    }

    private static ProjectRules Quota(int workers) => new(ImmutableSortedDictionary<string, ProjectRule>.Empty.Add("vision", new ProjectRule(workers)));

    private static SweepSpec Spec(ResourceSpec resources, int trials = 1) => Samples.Spec(maxTrials: trials, parallelTrials: trials) with { Resources = resources };

    private static SweepSpec UrgentSpec(ResourceSpec resources) => Spec(resources) with { Name = Urgent.Value };

    private static string Reason(TestProbe watcher) => Fish<SweepView>(watcher, v => v.Trials.Any(t => t.Waiting is not null)).Trials[0].Waiting!;

    private TestProbe WatchUrgent()
    {
        var probe = CreateTestProbe();
        Coordinator.Tell(new Local.Watch(Urgent, probe), ActorRefs.NoSender);
        return probe;
    }

    /// <summary>Waits until the worker is told to drain, and does so.</summary>
    private void Stop(TestProbe worker, Lease lease, int at)
    {
        Fish<ToWorker.StopRun>(worker, m => m.Drain).Lease.ShouldBe(lease);
        Coordinator.Tell(new FromWorker.CheckpointStored(lease, ScriptedRunner.ManifestAt(at)), worker);
        Fish<ToWorker.CheckpointAccepted>(worker);
        Coordinator.Tell(new FromWorker.RunEnded(lease, 0, new RunOutcome.Drained(at)), worker);
        Fish<ToWorker.OutcomeAccepted>(worker);
    }
}
