using System.Data.Common;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Serialization;
using GenCluster.Core.Coordination;
using GenCluster.TestServers;
using Npgsql;

namespace GenCluster.Actors.Tests.Persistence;

/// <summary>The database of a journal, on a real PostgreSQL and on SQLite.</summary>
public sealed class JournalDatabaseTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_schema_is_made_once_however_often_it_is_asked_for(bool postgres)
    {
        var database = await NewAsync(postgres);

        database.Migrate().ShouldContain("0001-journal");
        database.Migrate().ShouldBeEmpty();
        database.Prepare();
        Count(database, "SELECT count(*) FROM gencluster_schema WHERE script = '0001-journal'").ShouldBe(1);
    }

    [Fact]
    public async Task Several_may_make_the_schema_at_once()
    {
        var database = await NewAsync(postgres: true);

        var added = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(database.Migrate)));

        added.Count(scripts => scripts.Count > 0).ShouldBe(1);
        database.Prepare();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_event_of_the_same_number_is_refused_by_the_database_itself(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Migrate();
        Execute(database, InsertEvent);

        Should.Throw<DbException>(() => Execute(database, InsertEvent));
    }

    [Fact]
    public async Task A_postgresql_without_the_schema_is_refused_with_the_command_that_makes_it()
    {
        var database = await NewAsync(postgres: true);

        Should.Throw<JournalException>(database.Prepare).Message
            .ShouldMatch(@"^the database 'db\d+' at 127\.0\.0\.1:\d+ lacks 0001-journal.* of this release's schema; run: gencluster migrate --database-file FILE$");
    }

    [Theory]
    [InlineData("DROP INDEX journal_uq")]
    [InlineData("DROP INDEX journal_uq; CREATE UNIQUE INDEX ON journal (persistence_id, sequence_number, ordering)")]
    [InlineData("DROP INDEX journal_uq; CREATE UNIQUE INDEX ON journal (persistence_id, sequence_number) WHERE deleted")]
    public async Task A_journal_without_the_unique_key_is_refused(string change)
    {
        var database = await NewAsync(postgres: true);
        database.Migrate();
        Execute(database, change);

        Should.Throw<JournalException>(database.Prepare).Message.ShouldContain("has no unique key (persistence_id, sequence_number), without which two coordinators could both write");
    }

    [Theory]
    [InlineData("DROP TRIGGER gencluster_keep_office ON journal")]
    [InlineData("ALTER TABLE journal DISABLE TRIGGER gencluster_take_office")]
    public async Task A_journal_that_everybody_may_write_is_refused(string change)
    {
        var database = await NewAsync(postgres: true);
        database.Migrate();
        Execute(database, change);

        Should.Throw<JournalException>(database.Prepare).Message.ShouldContain("a coordinator that was frozen could write beside its successor");
    }

    [Fact]
    public async Task Each_process_has_a_name_of_its_own_that_the_database_keeps_whole()
    {
        var database = new JournalDatabase.Postgres(await server.CreateDatabaseAsync() + $";Application Name={new string('ä', 80)}");
        string[] names = [NameIn(database.AkkaConfig()), NameIn(database.AkkaConfig())];

        names[0].ShouldNotBe(names[1]);
        names.ShouldAllBe(name => name.StartsWith("äää", StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(name) <= 63);

        static string NameIn(Config config) =>
            new NpgsqlConnectionStringBuilder(config.GetString("akka.persistence.journal.sql.connection-string")).ApplicationName!;
    }

    [Fact]
    public async Task A_database_that_acknowledges_what_it_may_lose_is_refused()
    {
        var database = await NewAsync(postgres: true);
        database.Migrate();
        var lax = new JournalDatabase.Postgres(((JournalDatabase.Postgres)database).ConnectionString + ";Options=-c synchronous_commit=off");

        Should.Throw<JournalException>(lax.Prepare).Message.ShouldContain("has synchronous_commit=off");
    }

    [Fact]
    public void A_schema_script_of_a_later_release_does_no_harm()
    {
        var database = new JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        database.Prepare();
        Execute(database, "INSERT INTO gencluster_schema (script, applied) VALUES ('9999-later', 'tomorrow')");

        database.Prepare();
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_in_one_sentence_without_the_password()
    {
        var database = new JournalDatabase.Postgres("Host=127.0.0.1;Port=1;Database=gc;Username=me;Password=secret");

        string message = Should.Throw<JournalException>(database.Prepare).Message;

        message.ShouldStartWith("the database 'gc' at 127.0.0.1:1 cannot be used: ");
        $"{message} {database} {database.Name}".ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("this is no connection string; Password=secret")]
    [InlineData("Database=gc;Password=secret")]
    [InlineData("Host=x;Port=secret")]
    public void What_is_no_connection_string_is_refused_without_repeating_it(string text) =>
        Should.Throw<JournalException>(() => new JournalDatabase.Postgres(text)).Message.ShouldNotContain("secret");

    [Fact]
    public void Times_that_the_connection_string_sets_are_kept()
    {
        new JournalDatabase.Postgres("Host=x;Command Timeout=77").ConnectionString.ShouldContain("Command Timeout=77");
        new JournalDatabase.Postgres("Host=x").ConnectionString.ShouldContain("Command Timeout=8");
    }

    /// <summary>A coordinator that freezes while it writes must not hinder the next one for longer than a failover takes.</summary>
    [Theory]
    [InlineData("", "5s", "0")]
    [InlineData(";Options=-c statement_timeout=7s", "5s", "7s")]
    [InlineData(";Options=-c idle_in_transaction_session_timeout=9s", "9s", "0")]
    public async Task The_database_ends_a_transaction_that_its_owner_has_abandoned(string options, string abandoned, string statement)
    {
        var database = new JournalDatabase.Postgres(await server.CreateDatabaseAsync() + options);

        using var connection = database.Open();

        Scalar(connection, "SHOW idle_in_transaction_session_timeout").ShouldBe(abandoned);
        Scalar(connection, "SHOW statement_timeout").ShouldBe(statement);
    }

    [Fact]
    public async Task What_an_abandoned_transaction_held_is_free_for_others()
    {
        var database = new JournalDatabase.Postgres(await server.CreateDatabaseAsync() + ";Options=-c idle_in_transaction_session_timeout=200ms");
        database.Migrate();
        using var frozen = database.Open();
        using var transaction = frozen.BeginTransaction();
        Execute(frozen, InsertEvent);

        Execute(database, InsertEvent); // the same event: waits for the other

        Should.Throw<DbException>(transaction.Commit);
        Count(database, "SELECT count(*) FROM journal").ShouldBe(1);
    }

    [Fact]
    public async Task A_database_that_lets_abandoned_transactions_stand_is_refused()
    {
        var database = new JournalDatabase.Postgres(await server.CreateDatabaseAsync() + ";Options=-c idle_in_transaction_session_timeout=0");
        database.Migrate();

        Should.Throw<JournalException>(database.Prepare).Message.ShouldContain("has idle_in_transaction_session_timeout=0");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_and_snapshots_survive_in_the_tables_of_the_schema(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Migrate();

        (await SumAsync(database, 5)).ShouldBe(5);
        (await SumAsync(database, 7)).ShouldBe(12);

        Count(database, "SELECT count(*) FROM journal").ShouldBe(2);
        Count(database, "SELECT count(*) FROM snapshot").ShouldBe(2);
    }

    private const string InsertEvent = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, false, 'a', 1, '')";

    /// <summary>Adds to a sum that is a fold of the journal, in an actor system of its own.</summary>
    private static async Task<long> SumAsync(JournalDatabase database, long addend)
    {
        using var system = ActorSystem.Create("test", ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, loglevel = OFF }")
            .WithFallback(WireSerialization.Config).WithFallback(database.AkkaConfig()));
        long sum = await system.ActorOf(Props.Create(() => new Sum())).Ask<long>(addend, TimeSpan.FromSeconds(30));
        await system.Terminate();
        return sum;
    }

    private async Task<JournalDatabase> NewAsync(bool postgres) => postgres
        ? new JournalDatabase.Postgres(await server.CreateDatabaseAsync() + ";Pooling=false")
        : new JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));

    private static void Execute(JournalDatabase database, string sql)
    {
        using var connection = database.Open();
        Execute(connection, sql);
    }

    private static void Execute(DbConnection connection, string sql) => Scalar(connection, sql);

    private static long Count(JournalDatabase database, string sql)
    {
        using var connection = database.Open();
        return Convert.ToInt64(Scalar(connection, sql), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static object? Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private sealed class Sum : ReceivePersistentActor
    {
        private long sum;

        public Sum()
        {
            IActorRef asker = ActorRefs.Nobody;
            Recover<CoordinatorStarted>(e => sum += e.Epoch);
            Command<long>(addend =>
            {
                asker = Sender;
                Persist(new CoordinatorStarted(addend), e =>
                {
                    sum += e.Epoch;
                    SaveSnapshot(new CoordinatorStarted(sum));
                });
            });
            Command<SaveSnapshotSuccess>(_ => asker.Tell(sum));
            Recover<SnapshotOffer>(offer => sum = ((CoordinatorStarted)offer.Snapshot).Epoch);
        }

        public override string PersistenceId => "sum";
    }
}
