using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Workers;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using Microsoft.Data.Sqlite;

namespace GenCluster.Actors.Tests.Support;

/// <summary>A coordinator on a real SQLite journal, and workers that are actors or probes, in one actor system.</summary>
public abstract class CoordinationKit : TestKit
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string folder;
    private int generation;
    private IActorRef house = ActorRefs.Nobody;

    /// <param name="settings">Settings of the actor system that go before all others.</param>
    protected CoordinationKit(string settings = "")
        : this(Directory.CreateTempSubdirectory("gencluster-test-").FullName, settings)
    {
    }

    private CoordinationKit(string folder, string settings)
        : base(ConfigurationFactory.ParseString(settings).WithFallback(Settings(folder)))
    {
        this.folder = folder;
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(folder, recursive: true);
    }

    private protected ICanTell Coordinator => Sys.ActorSelection("/user/coordinator/coordinator");

    private string JournalFile => Path.Combine(folder, "journal.db");

    private static Config Settings(string folder)
    {
        var journal = new JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        journal.Prepare();
        return ConfigurationFactory.ParseString("akka { loglevel = INFO, stdout-loglevel = OFF }")
            .WithFallback(WireSerialization.Config)
            .WithFallback(journal.AkkaConfig());
    }

    private protected void StartCoordinator(int expectedWorkers = 0, TimeSpan? leaseTime = null, ProjectRules? projects = null)
    {
        var settings = new CoordinatorSettings(expectedWorkers, TimeSpan.FromSeconds(20), leaseTime ?? TimeSpan.FromSeconds(10)) { Projects = projects ?? ProjectRules.None };
        AwaitAssert( // the name of one that was killed is free a moment after its end is told
            () => house = Sys.ActorOf(House.PropsFor(CoordinatorActor.PropsFor(settings)), "coordinator"), Patience, TimeSpan.FromMilliseconds(5));
        var probe = CreateTestProbe();
        AwaitAssert(() =>
        {
            Coordinator.Tell(FromFace.Hail.Instance, probe);
            probe.ExpectMsg<ToFace.Ruling>(TimeSpan.FromMilliseconds(50));
        }, Patience, TimeSpan.FromMilliseconds(10));
    }

    private protected void KillCoordinator()
    {
        var probe = CreateTestProbe();
        probe.Watch(house);
        house.Tell(Akka.Actor.Kill.Instance);
        probe.ExpectTerminated(house, Patience);
    }

    private protected IActorRef StartWorker(string name, ITrialRunner runner)
    {
        var settings = new WorkerSettings(new WorkerId(name), Guid.NewGuid(), [$"akka://{Sys.Name}"], "cpu", "127.0.0.1", 1);
        return Sys.ActorOf(WorkerActor.PropsFor(settings, runner), $"{name}-{generation++}");
    }

    private protected void Kill(IActorRef worker)
    {
        var probe = CreateTestProbe();
        probe.Watch(worker);
        Sys.Stop(worker);
        probe.ExpectTerminated(worker, Patience);
    }

    private protected static readonly Guid Instance = new("0a0b0c0d-0000-0000-0000-000000000001");

    /// <summary>Attaches a worker: hello, welcome, and the heartbeat that says that it was heard.</summary>
    private protected void Hello(TestProbe worker, string name = "probe", Guid? instance = null, Lease? held = null, DeviceMemory? shared = null)
    {
        Coordinator.Tell(new FromWorker.Hello(FromWorker.ProtocolVersion, new WorkerId(name), instance ?? Instance, "cpu", "127.0.0.1", 1, held, shared, 0), worker);
        Fish<ToWorker.Welcome>(worker);
        Coordinator.Tell(new FromWorker.Heartbeat(new WorkerId(name), instance ?? Instance, held, 0), worker);
    }

    /// <summary>A heartbeat, answered.</summary>
    private protected void Beat(TestProbe worker, string name = "probe", Guid? instance = null, Lease? held = null)
    {
        Coordinator.Tell(new FromWorker.Heartbeat(new WorkerId(name), instance ?? Instance, held, 0), worker);
        Fish<ToWorker.HeartbeatAck>(worker);
    }

    private protected TrialOrder TakeOrder(TestProbe worker, SweepSpec spec)
    {
        Hello(worker);
        Submit(spec);
        return Fish<ToWorker.RunTrial>(worker).Order;
    }

    /// <summary>Trains like <see cref="ScriptedRunner.Succeed"/>, message by message.</summary>
    private protected void Finish(TestProbe worker, Lease lease)
    {
        Coordinator.Tell(new FromWorker.EvaluationReported(lease, new MetricReport(600, [new Metric("swd", 5)])), worker);
        Fish<ToWorker.ReportAccepted>(worker);
        Coordinator.Tell(new FromWorker.RunEnded(lease, 0, new RunOutcome.Completed(600, new string('d', 64))), worker);
        Fish<ToWorker.OutcomeAccepted>(worker);
    }

    private protected static T Fish<T>(TestProbe probe, Predicate<T>? which = null) => probe.FishForMessage<T>(m => which?.Invoke(m) ?? true, Patience);

    private protected TestProbe Submit(SweepSpec spec)
    {
        var probe = CreateTestProbe();
        Coordinator.Tell(new FromFace.Submit(spec), probe);
        probe.ExpectMsg<ToFace.Submitted>(Patience).Refusal.ShouldBeNull();
        return Watch();
    }

    private protected TestProbe Watch()
    {
        var probe = CreateTestProbe();
        Coordinator.Tell(new Local.Watch(Samples.Sweep, probe), ActorRefs.NoSender);
        return probe;
    }

    private protected SweepView SubmitAndAwaitEnd(SweepSpec spec) => AwaitEnd(Submit(spec));

    private protected static SweepView AwaitEnd(TestProbe watcher) => watcher.FishForMessage<SweepView>(v => v.HasEnded, Patience);

    private protected int JournalRows(string persistenceId, string manifest)
    {
        using var connection = new SqliteConnection($"Data Source={JournalFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal WHERE persistence_id = $id AND manifest = $manifest";
        command.Parameters.AddWithValue("$id", persistenceId);
        command.Parameters.AddWithValue("$manifest", manifest);
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private protected int Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private protected void NewJournal() => ChangeJournal("DELETE FROM journal; DELETE FROM tags;");

    private protected void ChangeJournal(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Stands in the singleton manager's place, so that the coordinator has the path that workers look for.</summary>
    private sealed class House : ReceiveActor
    {
        public House(Props coordinator)
        {
            Context.ActorOf(coordinator, "coordinator");
        }

        public static Props PropsFor(Props coordinator) => Props.Create(() => new House(coordinator));
    }
}
