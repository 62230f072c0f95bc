using System.Collections.Concurrent;
using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Persistence.Sql.Config;
using GenCluster.Actors.Persistence.Schema;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace GenCluster.Actors.Persistence;

public abstract partial record JournalDatabase
{
    /// <summary>One file in WAL mode with synchronous=FULL, for one coordinator.</summary>
    public sealed record Sqlite(string Path) : JournalDatabase
    {
        private const int SynchronousFull = 2;

        /// <summary>Milliseconds; the driver goes on waiting after it, up to its own timeout.</summary>
        private const int LockPatience = 2_000;

        private static readonly ConcurrentDictionary<string, Lock> Turns = new(StringComparer.Ordinal);

        public override string Name => Path;

        internal override string Dialect => "sqlite";

        private protected override string Provider => "SQLite.MS";

        private protected override string ConnectionText => new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = 5 }.ToString();

        private protected override string JournalSettings => $"class = \"{typeof(SqliteJournal).AssemblyQualifiedName}\", {StoreSettings}";

        // With any other level a transaction that reads takes the writer's lock. SQLite reads what is committed all the same.
        private protected override string StoreSettings => "read-isolation-level = read-uncommitted";

        /// <summary>Creates or opens the file, puts it in WAL mode, and makes sure that a commit survives a power cut.</summary>
        public override void Prepare() => Use(connection =>
        {
            string mode = (string)Scalar(connection, "PRAGMA journal_mode=WAL");
            if (mode != "wal")
                throw new JournalException($"the journal {Path} cannot be put in WAL mode (it stays in '{mode}'); put it on a local disk");

            // A property of each connection: it must be the library's default, as nobody sets it later.
            long synchronous = (long)Scalar(connection, "PRAGMA synchronous");
            if (synchronous < SynchronousFull)
                throw new JournalException($"SQLite was built with synchronous={synchronous}; a commit would not survive a power cut, {SynchronousFull} is needed");

            // A write, so that a read-only or full disk is told before anything is promised.
            Scalar(connection, "PRAGMA user_version=1; SELECT 1");
            return MigrateWith(connection);
        });

        public override IReadOnlyList<string> Migrate() => Use(MigrateWith);

        public override DbConnection Open() => Open(ConnectionText);

        internal static SqliteConnection Open(string connectionText)
        {
            var connection = new SqliteConnection(connectionText);
            connection.Open();
            LetWait(connection);
            return connection;
        }

        public override void InTurn(Action write)
        {
            lock (TurnOf(Path))
                write();
        }

        /// <summary>Held by whoever writes a file in this process.</summary>
        internal static Lock TurnOf(string path) => Turns.GetOrAdd(System.IO.Path.GetFullPath(path), _ => new Lock());

        internal override Setup AkkaSetup() =>
            new DataOptionsSetup(new DataOptions().UseConnectionString(Provider, ConnectionText).UseAfterConnectionOpened(LetWait));

        /// <summary>Who finds the file locked looks again after a millisecond, then less and less often. The driver itself sleeps for 150 ms at a time.</summary>
        private static void LetWait(DbConnection connection) => Scalar(connection, $"PRAGMA busy_timeout={LockPatience}");

        /// <summary>The transaction takes the file's write lock before it looks.</summary>
        private IReadOnlyList<string> MigrateWith(DbConnection connection)
        {
            using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
            var added = SchemaScripts.Apply(connection, transaction, Dialect);
            transaction.Commit();
            return added;
        }

        private T Use<T>(Func<DbConnection, T> use)
        {
            try
            {
                using var connection = Open();
                return use(connection);
            }
            catch (SqliteException e)
            {
                throw new JournalException($"the journal {Path} cannot be opened for writing: {e.Message}; free or grant access to it and run the same command again", e);
            }
        }
    }
}
