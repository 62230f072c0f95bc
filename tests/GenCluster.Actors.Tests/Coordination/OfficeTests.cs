using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using GenCluster.Actors.Coordination;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.TestServers;
using MessagePack;
using Npgsql;

namespace GenCluster.Actors.Tests.Coordination;

/// <summary>What keeps a coordinator in office, and when it gives up; on a real PostgreSQL.</summary>
public sealed class OfficeTests : TestKit, IClassFixture<PostgresServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresServer server;
    private readonly JournalDatabase.Postgres database;
    private readonly TestProbe lost;
    private readonly TestProbe worker;

    public OfficeTests(PostgresServer server)
        : this(server, New(server))
    {
    }

    private OfficeTests(PostgresServer server, JournalDatabase.Postgres database)
        : base(ConfigurationFactory.ParseString("akka { loglevel = INFO, stdout-loglevel = OFF }").WithFallback(WireSerialization.Config).WithFallback(database.AkkaConfig()))
    {
        this.server = server;
        this.database = database;
        lost = CreateTestProbe();
        worker = CreateTestProbe();
        Sys.EventStream.Subscribe(lost, typeof(OfficeLost));
    }

    [Fact]
    public async Task A_coordinator_whose_database_goes_away_comes_back_with_it_and_has_forgotten_nothing()
    {
        var office = Begin();
        var lease = Train(office);
        var report = new FromWorker.EvaluationReported(lease, new MetricReport(200, [new Metric("swd", 5)]));

        await server.StopAsync();
        office.Tell(report, worker);
        worker.ExpectNoMsg(TimeSpan.FromSeconds(2));
        Sys.Stop(worker); // its outbox is this test
        await server.StartAgainAsync();

        var again = CreateTestProbe();
        AwaitAssert(() =>
        {
            Hello(office, again, lease);
            Count("coordinator-started/1").ShouldBe(2);
        }, Patience);
        AwaitAssert(() =>
        {
            office.Tell(report, again);
            again.FishForMessage<ToWorker.ReportAccepted>(_ => true, TimeSpan.FromSeconds(1)).Step.ShouldBe(200);
        }, Patience);
        Count("lease-granted/1").ShouldBe(1);
        Count("lease-ended/1").ShouldBe(0);
        Count("metrics-reported/1").ShouldBe(1);
        lost.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_coordinator_that_finds_a_later_one_in_the_journal_gives_up()
    {
        var office = Begin();
        Watch(office);
        Insert("coordinator", 2, "coordinator-started/1", new CoordinatorStarted(2, "akka.tcp://gencluster@elsewhere:1 (0)"));

        office.Tell(new FromFace.Submit(Samples.Spec()), worker); // which is to be event 2

        lost.ExpectMsg<OfficeLost>(Patience).Reason.ShouldBe("superseded: epoch 2 belongs to akka.tcp://gencluster@elsewhere:1 (0), the last one here was 1");
        ExpectTerminated(office, Patience);
        worker.ExpectNoMsg(TimeSpan.Zero); // nothing was acknowledged
    }

    [Fact]
    public void A_coordinator_that_lost_a_race_for_an_event_and_not_its_office_goes_on()
    {
        var office = Begin();
        var lease = Train(office);
        Insert("trial-fashion-1", 3, "metrics-reported/1", new MetricsReported(lease.Epoch, new MetricReport(200, [new Metric("swd", 5)])), asTheRuler: true);

        AwaitAssert(() =>
        {
            Hello(office, worker, lease);
            office.Tell(new FromWorker.EvaluationReported(lease, new MetricReport(400, [new Metric("swd", 4)])), worker);
            worker.FishForMessage<ToWorker.ReportAccepted>(_ => true, TimeSpan.FromSeconds(1)).Step.ShouldBe(400);
        }, Patience);

        Count("coordinator-started/1").ShouldBe(2);
        Count("metrics-reported/1").ShouldBe(2);
        lost.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void The_database_refuses_the_events_of_a_process_that_does_not_rule()
    {
        var office = Begin();
        var lease = Train(office);
        var report = new MetricsReported(lease.Epoch, new MetricReport(200, [new Metric("swd", 5)]));

        Should.Throw<PostgresException>(() => Insert("trial-fashion-1", 3, "metrics-reported/1", report)).SqlState.ShouldBe("GC001");

        office.Tell(new FromWorker.EvaluationReported(lease, report.Report), worker);
        worker.FishForMessage<ToWorker.ReportAccepted>(_ => true, Patience).Step.ShouldBe(200);
        Count("coordinator-started/1").ShouldBe(1);
    }

    [Fact]
    public void A_coordinator_that_was_frozen_can_write_nothing_after_its_successor_took_office()
    {
        var office = Begin();
        var lease = Train(office);
        Insert("coordinator", 3, "coordinator-started/1", new CoordinatorStarted(2, "elsewhere"));

        office.Tell(new FromWorker.EvaluationReported(lease, new MetricReport(200, [new Metric("swd", 5)])), worker); // whose number in the journal is free

        lost.ExpectMsg<OfficeLost>(Patience).Reason.ShouldStartWith("superseded: epoch 2 belongs to elsewhere");
        Count("metrics-reported/1").ShouldBe(0);
    }

    [Fact]
    public void A_worker_that_has_heard_of_a_later_coordinator_makes_this_one_ask_the_journal()
    {
        var office = Begin();
        Insert("coordinator", 2, "coordinator-started/1", new CoordinatorStarted(2, "elsewhere"));

        AwaitAssert(() =>
        {
            office.Tell(new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, null, 2), worker);
            lost.ExpectMsg<OfficeLost>(TimeSpan.FromSeconds(1));
        }, Patience);
    }

    [Fact]
    public void A_rumour_of_a_later_coordinator_that_the_journal_does_not_know_harms_nobody()
    {
        var office = Begin();

        AwaitAssert(() =>
        {
            office.Tell(new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, null, 99), worker);
            Count("coordinator-started/1").ShouldBe(2);
        }, Patience, TimeSpan.FromMilliseconds(500));

        AwaitAssert(() => Hello(office, worker, null), Patience);
        lost.ExpectNoMsg(TimeSpan.Zero);
    }

    private static JournalDatabase.Postgres New(PostgresServer server)
    {
        var database = new JournalDatabase.Postgres(server.CreateDatabaseAsync().GetAwaiter().GetResult() + ";Pooling=false");
        database.Migrate();
        return database;
    }

    private IActorRef Begin()
    {
        var office = Sys.ActorOf(OfficeActor.PropsFor(new CoordinatorSettings(0, TimeSpan.Zero, TimeSpan.FromMinutes(5), "here")));
        var face = CreateTestProbe();
        AwaitAssert(() =>
        {
            office.Tell(FromFace.Hail.Instance, face);
            face.ExpectMsg<ToFace.Ruling>(TimeSpan.FromSeconds(1)).Epoch.ShouldBe(1);
        }, Patience);
        return office;
    }

    /// <summary>One trial, granted to one worker.</summary>
    private Lease Train(IActorRef office)
    {
        Hello(office, worker, null);
        office.Tell(new FromFace.Submit(Samples.Spec(maxTrials: 1, parallelTrials: 1)), worker);
        return worker.FishForMessage<ToWorker.RunTrial>(_ => true, Patience).Order.Lease;
    }

    private static void Hello(IActorRef office, TestProbe worker, Lease? held)
    {
        office.Tell(new FromWorker.Hello(FromWorker.ProtocolVersion, Samples.Worker, Samples.Instance, "cpu", "127.0.0.1", 1, held, null, 0), worker);
        worker.FishForMessage<ToWorker.Welcome>(_ => true, TimeSpan.FromSeconds(1));
        office.Tell(new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, held, 0), worker);
    }

    private long Count(string manifest)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM journal WHERE manifest = '{manifest}'";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Writes an event as another process would.</summary>
    /// <param name="asTheRuler">As if the database took it for the one that rules.</param>
    private void Insert(string persistenceId, long number, string manifest, object @event, bool asTheRuler = false)
    {
        using var connection = (NpgsqlConnection)database.Open();
        if (asTheRuler)
        {
            using var disguise = connection.CreateCommand();
            disguise.CommandText = "SELECT set_config('application_name', holder, false) FROM gencluster_office";
            disguise.ExecuteNonQuery();
        }

        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (0, false, @id, @number, @message, @manifest, @serializer, 'another')
            """;
        command.Parameters.AddWithValue("id", persistenceId);
        command.Parameters.AddWithValue("number", number);
        command.Parameters.AddWithValue("message", MessagePackSerializer.Serialize(@event.GetType(), @event, MessagePackWireSerializer.Options));
        command.Parameters.AddWithValue("manifest", manifest);
        command.Parameters.AddWithValue("serializer", MessagePackWireSerializer.Id);
        command.ExecuteNonQuery();
    }
}
