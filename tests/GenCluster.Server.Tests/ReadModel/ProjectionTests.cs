using System.Reflection;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;
using GenCluster.Server.ReadModel;
using JournalStory = GenCluster.Server.Tests.Support.Journals;

namespace GenCluster.Server.Tests.ReadModel;

/// <summary>What each event changes.</summary>
public sealed class ProjectionTests
{
    private const long At = 1_000;

    private static readonly JournalOwner Coordinator = new JournalOwner.Coordinator();
    private static readonly JournalOwner Sweep = new JournalOwner.OfSweep(Samples.Sweep);
    private static readonly JournalOwner Trial = new JournalOwner.OfTrial(Samples.Trial);

    public static TheoryData<string> Events => [.. EventTypes.Select(t => t.Name)];

    private static IEnumerable<Type> EventTypes => Assembly.GetAssembly(typeof(ITrialEvent))!.GetTypes()
        .Where(t => t is { IsInterface: false } && (t.IsAssignableTo(typeof(ITrialEvent)) || t.IsAssignableTo(typeof(ISweepEvent)) || t.IsAssignableTo(typeof(ICoordinatorEvent))));

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_has_a_rule_and_a_place_in_the_story(string type)
    {
        object sample = Samples.All.Single(s => s.GetType().Name == type);
        var owner = sample switch { ICoordinatorEvent => Coordinator, ISweepEvent => Sweep, _ => Trial };

        foreach (var change in Projection.Of(sample, owner, 7, At))
        {
            change.Key.Length.ShouldBe(change.Table.Key.Length);
            change.Set.Select(s => s.Column).ShouldBeSubsetOf(change.Table.Values);
            change.Set.Select(s => s.Value).ShouldAllBe(v => v == null || v is string || v is long || v is double);
        }

        JournalStory.Story.Concat(JournalStory.Sequel).ShouldContain(e => e.Event.GetType().Name == type);
    }

    [Fact]
    public void An_event_in_a_journal_of_another_kind_is_refused() =>
        Should.Throw<ArgumentException>(() => Projection.Of(new SweepResumed(), Trial, 1, At)).Message.ShouldStartWith("SweepResumed is no event of ");

    [Fact]
    public void A_coordinator_that_takes_office_is_known_by_its_epoch() =>
        Row(ReadTables.Coordinators, Coordinator, [5L], new CoordinatorStarted(5)).ShouldBe("started_at=1000");

    [Fact]
    public void A_sweep_is_registered_first() =>
        Row(ReadTables.Sweeps, Coordinator, ["fashion"], new SweepRegistered(Samples.Sweep)).ShouldBe("registered_at=1000");

    [Fact]
    public void A_submitted_sweep_shows_what_its_file_says() =>
        Row(ReadTables.Sweeps, Sweep, ["fashion"], new SweepSubmitted(Samples.Sweep, Samples.Spec())).ShouldBe(
            "submitted_at=1000 phase=Running model=dcgan dataset=fashion-mnist-sample algorithm=random metric=swd goal=Minimize steps=600 max_trials=2 searched=" +
            """{"flag":"true","latent":"integer 16 to 64","loss":"one of hinge, least-squares","optimizer.beta1":"uniform 0 to 0.9",""" +
            "\"optimizer.generator.learningRate\":\"log-uniform 1E-05 to 0.01\"} version=1");

    [Fact]
    public void A_proposed_trial_shows_its_values() =>
        Row(ReadTables.Trials, Sweep, ["fashion", 3L], new TrialProposed(3, Samples.Assignment)).ShouldBe(
            """proposed_at=1000 phase=Pending assignment={"flag":true,"latent":64,"loss":"hinge","optimizer.beta1":0.5} epoch=0""");

    [Fact]
    public void A_halt_and_a_resumption_are_seen_in_the_sweep_and_in_its_history()
    {
        var halt = new SweepHalted("no space left");

        Row(ReadTables.Sweeps, Sweep, ["fashion"], halt).ShouldBe("halt_reason=no space left");
        Row(ReadTables.SweepHistory, Sweep, ["fashion", 1L], halt).ShouldBe("at=1000 what=halted message=no space left");
        Row(ReadTables.Sweeps, Sweep, ["fashion"], halt, new SweepResumed()).ShouldBe("");
        Row(ReadTables.SweepHistory, Sweep, ["fashion", 2L], halt, new SweepResumed()).ShouldBe("at=1000 what=resumed");
    }

    [Fact]
    public void The_end_of_a_sweep_is_seen_in_the_sweep_and_in_its_history()
    {
        Row(ReadTables.Sweeps, Sweep, ["fashion"], new SweepEnded(SweepPhase.Failed)).ShouldBe("ended_at=1000 phase=Failed");
        Row(ReadTables.SweepHistory, Sweep, ["fashion", 1L], new SweepEnded(SweepPhase.Failed)).ShouldBe("at=1000 what=ended message=Failed");
    }

    [Fact]
    public void A_lease_that_was_granted_and_taken_away_is_an_attempt_with_its_end()
    {
        var granted = new LeaseGranted(7, [Samples.Worker]);

        Row(ReadTables.Trials, Trial, ["fashion", 3L], granted).ShouldBe("phase=Running epoch=7");
        Row(ReadTables.Gangs, Trial, ["fashion", 3L, 7L], granted).ShouldBe("attempt=1 members=[\"worker-1\"] began_at=1000");
        Row(ReadTables.Gangs, Trial, ["fashion", 3L, 7L], granted, new LeaseEnded(7, FailureClass.Lost, "it was lost")).ShouldBe(
            "attempt=1 members=[\"worker-1\"] began_at=1000 ended_at=1000 cause=Lost end_message=it was lost");
        Row(ReadTables.Trials, Trial, ["fashion", 3L], granted, new LeaseEnded(7, FailureClass.Lost, "it was lost")).ShouldBe(
            "phase=Pending epoch=7 message=it was lost");
    }

    [Fact]
    public void A_gang_that_changed_is_the_end_of_one_and_the_beginning_of_another_with_the_reason_in_both()
    {
        object[] events = [new LeaseGranted(7, [Samples.Worker, new WorkerId("w2")]), new GangChanged(8, [Samples.Worker], FailureClass.Lost, "w2 was lost", 250)];

        Row(ReadTables.Gangs, Trial, ["fashion", 3L, 7L], events).ShouldBe(
            "attempt=1 members=[\"worker-1\",\"w2\"] began_at=1000 ended_at=1000 cause=Lost end_message=w2 was lost");
        Row(ReadTables.Gangs, Trial, ["fashion", 3L, 8L], events).ShouldBe("attempt=0 members=[\"worker-1\"] began_at=1000 reason=w2 was lost");
        Row(ReadTables.Trials, Trial, ["fashion", 3L], events).ShouldBe("phase=Running epoch=8 message=w2 was lost");
    }

    [Fact]
    public void A_report_is_a_row_per_metric_and_what_is_not_a_number_is_nothing()
    {
        var report = new MetricsReported(7, new MetricReport(200, [new Metric("a", 12.5), new Metric("b", double.NaN)]));

        Row(ReadTables.Reports, Trial, ["fashion", 3L, 200L, "a"], report).ShouldBe("value=12.5 epoch=7 reported_at=1000");
        Row(ReadTables.Reports, Trial, ["fashion", 3L, 200L, "b"], report).ShouldBe("epoch=7 reported_at=1000");
    }

    [Fact]
    public void A_checkpoint_names_its_blobs() =>
        Row(ReadTables.Checkpoints, Trial, ["fashion", 3L, 200L], new CheckpointCommitted(7, Samples.Manifest)).ShouldBe(
            $$"""epoch=7 committed_at=1000 blobs=[{"name":"generator.weights","sha256":"{{new string('a', 64)}}","length":1234},""" +
            $$"""{"name":"generator.optimizer","sha256":"{{new string('b', 64)}}","length":2468}] bytes=3702 numerics=cpu threads=1""");

    [Fact]
    public void The_end_of_a_trial_is_the_same_from_its_own_journal_and_from_its_sweeps()
    {
        string own = Row(ReadTables.Trials, Trial, ["fashion", 3L], new TrialConcluded(7, Samples.Outcome));

        own.ShouldBe($"ended_at=1000 phase=Succeeded objective=12.5 untrained=99.25 steps=600 weights_sha256={new string('c', 64)}");
        Row(ReadTables.Trials, Sweep, ["fashion", 3L], new TrialEnded(3, Samples.Outcome)).ShouldBe(own);
    }

    [Fact]
    public void What_only_the_deciders_need_changes_nothing()
    {
        Projection.Of(new StallsForgiven(), Trial, 1, At).ShouldBeEmpty();
        Projection.Of(Samples.All.OfType<TrialCreated>().Single() with { Until = null }, Trial, 1, At).ShouldBeEmpty();
    }

    [Fact]
    public void Where_a_trial_waits_is_what_its_own_journal_says_for_at_the_end_it_waits_for_nobody()
    {
        var heir = new TrialMoved(new Move.Replace(1, Samples.Ruling, 2, 200, Samples.Assignment, 600), 3);
        var created = new TrialCreated(TrialDefinition.Of(Samples.Spec(), Samples.Trial, Samples.Assignment));

        Row(ReadTables.Trials, Sweep, ["fashion", 3L], heir).ShouldNotContain("until");
        Row(ReadTables.Trials, Trial, ["fashion", 3L], created with { Until = 400 }).ShouldBe("until=400");
        Projection.Of(new TrialMoved(new Move.Resume(3, 600)), Sweep, 1, At).ShouldBeEmpty();
        Row(ReadTables.Trials, Trial, ["fashion", 3L], new TrialContinued(null)).ShouldBe("");
    }

    [Theory]
    [InlineData("coordinator", "Coordinator { }")]
    [InlineData("sweep-a-b", "OfSweep { Sweep = a-b }")]
    [InlineData("trial-a-b-12", "OfTrial { Trial = a-b/12 }")]
    [InlineData("trial-a-", "Stranger { PersistenceId = trial-a- }")]
    [InlineData("trial-1", "Stranger { PersistenceId = trial-1 }")]
    [InlineData("something", "Stranger { PersistenceId = something }")]
    public void Owners_are_told_by_the_names_of_their_journals(string persistenceId, string owner) => $"{JournalOwner.Of(persistenceId)}".ShouldBe(owner);

    /// <summary>What a row holds after these events: column=value, without the empty ones.</summary>
    private static string Row(ReadTable table, JournalOwner owner, object[] key, params object[] events)
    {
        var rows = new RowSet();
        foreach (var (index, @event) in events.Index())
        {
            foreach (var change in Projection.Of(@event, owner, index + 1, At))
                rows.Apply(change);
        }

        return string.Join(' ', table.Values.Select(c => (Column: c, Value: rows.Find(table, c, key))).Where(c => c.Value is not null).Select(c => $"{c.Column}={c.Value}"));
    }
}
