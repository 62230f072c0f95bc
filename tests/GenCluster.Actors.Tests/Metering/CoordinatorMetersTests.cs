using System.Diagnostics;
using Akka.Pattern;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Parameters;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;

namespace GenCluster.Actors.Tests.Metering;

/// <summary>What the parts of a coordinator record.</summary>
public sealed class CoordinatorMetersTests
{
    private static readonly long Now = Stopwatch.GetTimestamp();

    private readonly RecordedMetrics metrics = new();

    [Fact]
    public void The_first_time_in_office_is_no_failover_and_later_ones_are()
    {
        var office = new OfficeMeters(metrics);

        office.Begins(1, Akka.Actor.ActorRefs.Nobody);
        (metrics["leader"], metrics["coordinator_epoch"], metrics["failover_total"]).ShouldBe((1, 1, 0));
        office.Ends();
        office.Begins(5, Akka.Actor.ActorRefs.Nobody);
        (metrics["leader"], metrics["coordinator_epoch"], metrics["failover_total"]).ShouldBe((1, 5, 1));
        office.Ends();
        metrics["leader"].ShouldBe(0);
    }

    [Fact]
    public void Events_tell_how_trials_end_and_why_they_change_hands()
    {
        var journal = new JournalMeters(metrics);

        journal.Persisted(new TrialConcluded(7, Samples.Outcome), Now);
        journal.Persisted(new TrialConcluded(7, Samples.Outcome with { Phase = TrialPhase.Failed, Failure = FailureClass.OutOfMemory }), Now);
        journal.Persisted(new LeaseEnded(7, FailureClass.Preempted, ""), Now);
        journal.Persisted(new GangChanged(8, [Samples.Worker], FailureClass.Lost, "", 3), Now);
        journal.Persisted(new GangChanged(9, [Samples.Worker], null, "", 3), Now);
        journal.Persisted(new TrialFreed(), Now);

        metrics["trials_finished_total{succeeded,none}"].ShouldBe(1);
        metrics["trials_finished_total{failed,out_of_memory}"].ShouldBe(1);
        metrics["reassignments_total{preempted}"].ShouldBe(1);
        metrics["reassignments_total{lost}"].ShouldBe(1);
        metrics["reassignments_total{planned}"].ShouldBe(1);
        metrics["journal_persist_seconds"].ShouldBe(6);
    }

    [Fact]
    public void Two_writers_of_one_journal_are_told_from_one_that_cannot_be_read()
    {
        var journal = new JournalMeters(metrics);

        journal.CannotRead(new IllegalStateException("Invalid replayed event [sequenceNr=3, writerUUID=b] from a new writer."));
        journal.CannotRead(new IOException("disk"));
        journal.CannotWrite();

        (metrics["journal_failures_total{replay_filter}"], metrics["journal_failures_total{read}"], metrics["journal_failures_total{write}"]).ShouldBe((1, 1, 1));
    }

    [Theory]
    [InlineData("coordinator", "coordinator")]
    [InlineData("sweep-trial-of-mine", "sweep")]
    [InlineData("trial-gan-7", "trial")]
    [InlineData("shelf-gan-7", "shelf")]
    public void A_recovery_counts_for_the_kind_of_its_actor(string persistenceId, string kind)
    {
        new JournalMeters(metrics).Recovered(persistenceId, Now);

        metrics[$"recovery_seconds{{{kind}}}"].ShouldBe(1);
    }

    [Fact]
    public void Workers_are_counted_by_what_they_do_and_by_their_devices()
    {
        var placement = new PlacementMeters(metrics);
        WorkerSlot[] slots = [Slot("free", "cpu"), Slot("busy", "cuda", Samples.Trial), Slot("aside", "cuda"), Slot("leaves", "NVIDIA H200", Samples.Trial)];

        placement.Show(slots, worker => worker.Value == "leaves", worker => worker.Value == "aside");

        foreach (string state in (string[])["free", "busy", "set_aside", "leaving"])
            metrics[$"workers{{{state}}}"].ShouldBe(1);
        (metrics["worker_capacity{cpu,free}"], metrics["worker_capacity{cuda,busy}"], metrics["worker_capacity{cuda,set_aside}"], metrics["worker_capacity{cuda,leaving}"]).ShouldBe((1, 1, 1, 1));
        placement.Clear();
        metrics.All.Where(series => series.Key.StartsWith("worker", StringComparison.Ordinal)).ShouldAllBe(series => series.Value == 0);
    }

    [Fact]
    public void A_trial_waits_from_its_first_wish_until_it_has_workers()
    {
        var placement = new PlacementMeters(metrics);
        var (other, third) = (new TrialId(Samples.Sweep, 8), new TrialId(Samples.Sweep, 9));

        placement.Wishes(Samples.Trial, TimeSpan.FromSeconds(1));
        placement.Wishes(Samples.Trial, TimeSpan.FromSeconds(5));
        placement.Wishes(other, TimeSpan.FromSeconds(5));
        placement.Withdrawn(other);
        placement.Granted(other, TimeSpan.FromSeconds(7));
        placement.Granted(third, TimeSpan.FromSeconds(7));
        metrics["trial_queue_wait_seconds"].ShouldBe(0);
        placement.Granted(Samples.Trial, TimeSpan.FromSeconds(8));

        metrics["trial_queue_wait_seconds"].ShouldBe(1);
    }

    [Fact]
    public void Waits_are_counted_by_their_cause_as_they_are_now()
    {
        var placement = new PlacementMeters(metrics);

        placement.Decided(Plan(new TrialWait(Samples.Trial, WaitCause.Quota, "")), Now);
        (metrics["trials_waiting{quota}"], metrics["scheduler_decision_seconds{placement}"]).ShouldBe((1, 1));
        placement.Decided(Plan(), Now);
        metrics["trials_waiting{quota}"].ShouldBe(0);

        static PlacementPlan Plan(params TrialWait[] waits) => new([], [], [], [], waits, []);
    }

    [Fact]
    public void Sweeps_and_trials_are_added_up_over_all_sweeps()
    {
        var sweeps = new SweepMeters(metrics);
        var (one, two) = (new SweepId("one"), new SweepId("two"));

        sweeps.Show(one, Tally(SweepPhase.Running, (TrialPhase.Running, 2), (TrialPhase.Failed, 1)));
        sweeps.Show(two, Tally(SweepPhase.Running, (TrialPhase.Running, 3)));
        (metrics["sweeps{running}"], metrics["trials{running}"], metrics["trials{failed}"], metrics["sweep_trials{one,running}"]).ShouldBe((2, 5, 1, 2));

        sweeps.Show(one, Tally(SweepPhase.Succeeded, (TrialPhase.Succeeded, 2), (TrialPhase.Failed, 1)));
        (metrics["sweeps{running}"], metrics["sweeps{succeeded}"], metrics["trials{succeeded}"]).ShouldBe((1, 1, 2));
        metrics.All.Keys.ShouldNotContain(key => key.Contains("{one", StringComparison.Ordinal));

        sweeps.Forget(two);
        metrics["sweeps{running}"].ShouldBe(0);
        metrics.All.Keys.ShouldNotContain(key => key.Contains("{two", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trial_has_series_for_as_long_as_it_lives()
    {
        var sweeps = new SweepMeters(metrics);

        sweeps.Show(Samples.Sweep, View(3), restarts: 2);
        sweeps.Show(Samples.Sweep, View(30), restarts: 2);
        (metrics["trial_step{fashion,3}"], metrics["trial_steps{fashion,3}"], metrics["trial_workers{fashion,3}"]).ShouldBe((100, 600, 1));
        (metrics["trial_restarts{fashion,3}"], metrics["trial_restarts_allowed{fashion,3}"], metrics["trial_objective{fashion,3}"]).ShouldBe((1, 2, 12.5));

        sweeps.Ended(Samples.Sweep, 3);

        metrics.All.Keys.ShouldNotContain(key => key.Contains("{fashion,3}", StringComparison.Ordinal));
        metrics["trial_step{fashion,30}"].ShouldBe(100);

        static TrialView View(int number) =>
            new(number, TrialPhase.Running, Assignment.Empty, 100, 600, 5, 12.5, null, [], [Samples.Worker], 1, "", "") { Restarts = 1 };
    }

    [Theory]
    [InlineData(Goal.Minimize, 2.5)]
    [InlineData(Goal.Maximize, 7.5)]
    public void The_best_objective_is_of_trials_that_succeeded(Goal goal, double best)
    {
        var spec = Samples.Spec() with { Objective = new ObjectiveSpec("swd", goal) };
        var state = SweepState.New(Samples.Sweep) with
        {
            Spec = spec,
            Trials = SweepState.New(Samples.Sweep).Trials.AddRange(new[]
            {
                Trial(1, TrialPhase.Succeeded, 2.5), Trial(2, TrialPhase.Succeeded, 7.5), Trial(3, TrialPhase.Pruned, goal is Goal.Minimize ? 1 : 9),
                Trial(4, TrialPhase.Succeeded, double.NaN), new KeyValuePair<int, TrialRecord>(5, new TrialRecord(5, Assignment.Empty, null)),
            }),
        };

        var tally = SweepTally.Of(state, number => number == 5 ? TrialPhase.Running : throw new ArgumentOutOfRangeException(nameof(number)));

        tally.Best.ShouldBe(best);
        tally.DeviceSeconds.ShouldBe(40);
        tally.Trials.ShouldBe(new Dictionary<TrialPhase, int> { [TrialPhase.Succeeded] = 3, [TrialPhase.Pruned] = 1, [TrialPhase.Running] = 1 }, ignoreOrder: true);

        static KeyValuePair<int, TrialRecord> Trial(int number, TrialPhase phase, double objective) =>
            new(number, new TrialRecord(number, Assignment.Empty, Samples.Outcome with { Phase = phase, Objective = objective, DeviceSeconds = 10 }));
    }

    private static SweepTally Tally(SweepPhase phase, params (TrialPhase Phase, int Count)[] trials) => new(phase, trials.ToDictionary(t => t.Phase, t => t.Count), 1.5, 60);

    private static WorkerSlot Slot(string name, string device, TrialId? trial = null) => new(new WorkerId(name), Samples.Instance, device, "localhost", 1, TimeSpan.Zero, trial);
}
