using System.Data.Common;
using System.Globalization;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Coordination;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Server.Tests.Support;

/// <summary>Journals written by hand, row by row, as the actors would write them.</summary>
internal static class Journals
{
    public const string Coordinator = "coordinator";
    public const string Sweep = "sweep-fashion";
    public static readonly DateTimeOffset Began = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Lost = "worker-1 was lost", Changed = "worker-2 was lost, at step 250; 1 worker goes on";

    /// <summary>
    /// A sweep from its submission to its end, with every kind of event: trial 1 loses its gang and succeeds, trial 2 changes
    /// its gang, halts the sweep, and fails.
    /// </summary>
    public static IReadOnlyList<(string Id, object Event)> Story { get; } =
    [
        (Coordinator, new CoordinatorStarted(1)),
        (Coordinator, new SweepRegistered(Samples.Sweep)),
        (Sweep, new SweepSubmitted(Samples.Sweep, Samples.Spec())),
        (Sweep, new TrialProposed(1, Samples.Assignment)),
        (Sweep, new TrialProposed(2, Samples.Assignment)),
        (Trial(1), new TrialCreated(TrialDefinition.Of(Samples.Spec(), Samples.Trial with { Number = 1 }, Samples.Assignment))),
        (Trial(1), new LeaseGranted(1, [new("worker-1")])),
        (Trial(1), new MetricsReported(1, new MetricReport(0, [new Metric("swd", 99.25)]))),
        (Trial(1), new CheckpointCommitted(1, Samples.Manifest with { Step = 100 })),
        (Trial(1), new LeaseEnded(1, FailureClass.Lost, Lost)),
        (Trial(1), new LeaseGranted(2, [new("worker-1")])),
        (Trial(2), new TrialCreated(TrialDefinition.Of(Samples.Spec(), Samples.Trial with { Number = 2 }, Samples.Assignment))),
        (Trial(2), new LeaseGranted(1, [new("worker-2"), new("worker-3")])),
        (Trial(2), new GangChanged(2, [new("worker-3")], FailureClass.Lost, Changed, 250)),
        (Trial(2), new MetricsReported(2, new MetricReport(200, [new Metric("diversity", double.PositiveInfinity), new Metric("swd", double.NaN)]))),
        (Sweep, new SweepHalted("no space left")),
        (Coordinator, new CoordinatorStarted(2)),
        (Sweep, new SweepResumed()),
        (Trial(2), new StallsForgiven()),
        (Trial(1), new CheckpointCommitted(2, Samples.Manifest with { Step = 600 })),
        ("shelf-fashion-1", new BlobBegun(2, new string('a', 64), 5)),
        ("shelf-fashion-1", new BlobCompleted(2, new string('a', 64))),
        ("shelf-fashion-1", new BlobRemoved(2, new string('a', 64))),
        (Trial(1), new CheckpointPinned("trial-9", Samples.Manifest with { Step = 600 })),
        (Trial(1), new CheckpointReleased("trial-9")),
        (Trial(1), new MetricsReported(2, new MetricReport(600, [new Metric("swd", 12.5)]))),
        (Trial(1), new TrialConcluded(2, Samples.Outcome)),
        (Sweep, new TrialEnded(1, Samples.Outcome)),
        (Trial(2), new TrialConcluded(2, Samples.Outcome with { Phase = TrialPhase.Failed, Objective = null, Failure = FailureClass.NonFinite, WeightsSha256 = "", Message = "a loss is NaN" })),
        (Sweep, new TrialEnded(2, Samples.Outcome with { Phase = TrialPhase.Failed, Objective = null, Failure = FailureClass.NonFinite, WeightsSha256 = "", Message = "a loss is NaN" })),
        (Sweep, new SweepEnded(SweepPhase.Succeeded)),
    ];

    /// <summary>
    /// Another sweep, a population that people meddle with: trial 1 is stopped by a ruling, trial 2 gives way to trial 3, which goes
    /// on from trial 1's checkpoint, fails, is begun again, and reaches the target.
    /// </summary>
    public static IReadOnlyList<(string Id, object Event)> Sequel { get; } =
    [
        (Coordinator, new SweepRegistered(new("later"))),
        ("sweep-later", new SweepSubmitted(new("later"), Samples.Spec() with { Name = "later" }, 1_800_000_000_000)),
        ("sweep-later", new EvidenceTaken([Samples.Assignment], [[12.5]])),
        ("sweep-later", new TrialProposed(1, Samples.Assignment, 200)),
        ("sweep-later", new TrialProposed(2, Samples.Assignment, 200)),
        ("sweep-later", new SearchExhausted()),
        ("trial-later-1", new TrialCreated(TrialDefinition.Of(Samples.Spec(), new(new("later"), 1), Samples.Assignment), 200)),
        ("trial-later-1", new LeaseGranted(1, [new("worker-1")], 1_800_000_000_000)),
        ("trial-later-1", new MetricsReported(1, Samples.Report)),
        ("sweep-later", new TrialReported(1, Samples.Report)),
        ("trial-later-1", new CheckpointCommitted(1, Samples.Manifest)),
        ("trial-later-1", new TrialPaused(1, 200, 1_800_000_010_000)),
        ("sweep-later", new TrialArrived(1, 200)),
        ("sweep-later", new TrialMoved(new Move.Resume(1, 400))),
        ("trial-later-1", new TrialContinued(400)),
        ("sweep-later", new TrialMoved(new Move.Replace(2, Samples.Ruling, 1, 200, Samples.Assignment, 400), 3)),
        ("sweep-later", new TrialInherited(3, new TrialOrigin(new(new("later"), 1), Samples.Manifest))),
        ("sweep-later", new TrialWeaned(3)),
        ("sweep-later", new TrialJudged(1, Samples.Ruling)),
        ("sweep-later", new SweepControlled(Verb.Pause, 3, "ada", SweepPhase.Running)),
        ("trial-later-3", new TrialCreated(TrialDefinition.Of(Samples.Spec(), new(new("later"), 3), Samples.Assignment), 400)),
        ("trial-later-3", new TrialHeld()),
        ("trial-later-3", new TrialFreed()),
        ("trial-later-3", new TrialStopping("stopped by ada")),
        ("trial-later-3", new TrialReopened(1)),
        ("sweep-later", new SweepEdited(2, Samples.Spec(maxTrials: 4) with { Name = "later" }, "ada")),
        ("sweep-later", new TargetReached(3, "trial 3 reached the target")),
    ];

    public static string Trial(int number) => $"trial-fashion-{number}";

    /// <summary>Writes events, each one second after the one before.</summary>
    public static void Write(this JournalDatabase database, params IEnumerable<(string Id, object Event)> events)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var (id, @event) in events)
            Insert(transaction, id, @event);
        transaction.Commit();
    }

    public static void Insert(DbTransaction transaction, string id, object @event)
    {
        long sequence = Number(transaction.Connection!, $"SELECT coalesce(max(sequence_number), 0) + 1 FROM journal WHERE persistence_id = '{id}'", transaction);
        long count = Number(transaction.Connection!, "SELECT count(*) FROM journal", transaction);
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
            VALUES (@created, @deleted, @id, @sequence, @message, @manifest, @identifier)
            """;
        Add("@created", Began.AddSeconds(count).Ticks);
        Add("@deleted", false);
        Add("@id", id);
        Add("@sequence", sequence);
        Add("@message", MessagePackSerializer.Serialize(@event.GetType(), @event, MessagePackWireSerializer.Options));
        Add("@manifest", Manifests.Find(@event.GetType())!);
        Add("@identifier", MessagePackWireSerializer.Id);
        command.ExecuteNonQuery();

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }

    public static void Change(this JournalDatabase database, string sql)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Number(this JournalDatabase database, string sql)
    {
        using var connection = database.Open();
        return Number(connection, sql, null);
    }

    private static long Number(DbConnection connection, string sql, DbTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
