using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using GenCluster.Actors.Persistence.Schema;
using Npgsql;

namespace GenCluster.Actors.Persistence;

public abstract partial record JournalDatabase
{
    /// <summary>A PostgreSQL database, for one or several coordinators.</summary>
    public sealed record Postgres : JournalDatabase
    {
        /// <summary>Of the advisory lock under which the schema changes: any number, as long as all use the same.</summary>
        private const long MigrationLock = 0x67656e636c757374; // "genclust"

        /// <summary>
        /// A coordinator that freezes within a transaction keeps its locks, and without this setting for as long as it is
        /// frozen: nobody could succeed it. No transaction of ours waits for anything but the database.
        /// </summary>
        private const string AbandonedTransactions = "-c idle_in_transaction_session_timeout=5s";

        /// <summary>PostgreSQL keeps 63 bytes of a name; 33 are for what makes it unlike all others.</summary>
        private const int MostOfName = 63 - 33;

        private readonly NpgsqlConnectionStringBuilder settings;

        /// <param name="ConnectionString">As Npgsql reads it. Times that it does not set are short: a server that is gone should be noticed.</param>
        /// <exception cref="JournalException">It is no connection string; the message does not repeat it.</exception>
        public Postgres(string ConnectionString)
        {
            try
            {
                settings = new NpgsqlConnectionStringBuilder(ConnectionString);
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new JournalException($"the connection string of the database cannot be read; it has the form {DatabaseFile.Example}");
            }

            if (string.IsNullOrEmpty(settings.Host))
                throw new JournalException($"the connection string of the database names no host; it has the form {DatabaseFile.Example}");
            SetUnlessSet("Timeout", () => settings.Timeout = 5);
            SetUnlessSet("Command Timeout", () => settings.CommandTimeout = 8);
            SetUnlessSet("Cancellation Timeout", () => settings.CancellationTimeout = 1000);
            SetUnlessSet("Keepalive", () => settings.KeepAlive = 10);
            SetUnlessSet("Maximum Pool Size", () => settings.MaxPoolSize = 20);
            SetUnlessSet("Application Name", () => settings.ApplicationName = "gencluster");
            if (settings.Options?.Contains("idle_in_transaction_session_timeout", StringComparison.Ordinal) != true)
                settings.Options = string.Join(' ', new[] { settings.Options, AbandonedTransactions }.Where(o => !string.IsNullOrWhiteSpace(o)));
        }

        /// <summary>With what was set here. It may hold a password.</summary>
        public string ConnectionString => settings.ConnectionString;

        public override string Name => $"database '{settings.Database ?? settings.Username}' at {settings.Host}:{settings.Port}";

        internal override string Dialect => "postgres";

        private protected override string Provider => "PostgreSQL.15";

        /// <summary>With a name of its own for whoever asks: by that the database knows who rules (0003-office).</summary>
        private protected override string ConnectionText =>
            new NpgsqlConnectionStringBuilder(ConnectionString) { ApplicationName = $"{ShortName}/{Guid.NewGuid():N}" }.ConnectionString;

        private string ShortName
        {
            get
            {
                string name = settings.ApplicationName!;
                while (Encoding.UTF8.GetByteCount(name) > MostOfName)
                    name = name[..^1];
                return name;
            }
        }

        /// <summary>Asserts what <see cref="Migrate"/> made, and above all the key that stands between two coordinators.</summary>
        public override void Prepare() => Use(connection =>
        {
            var missing = SchemaScripts.MissingIn(connection, Dialect);
            if (missing.Count > 0)
                throw new JournalException($"the {Name} lacks {string.Join(", ", missing)} of this release's schema; {MigrateHint}");
            if (!(bool)Scalar(connection, UniqueKeyExists))
            {
                throw new JournalException(
                    $"the table journal of the {Name} has no unique key (persistence_id, sequence_number), without which two coordinators could both write; {MigrateHint}");
            }

            if (!(bool)Scalar(connection, FenceExists))
            {
                throw new JournalException(
                    $"the table journal of the {Name} lacks the triggers gencluster_take_office and gencluster_keep_office, or they are disabled: "
                    + "a coordinator that was frozen could write beside its successor; restore or enable them, as a whole backup does");
            }

            string commit = (string)Scalar(connection, "SHOW synchronous_commit");
            if (commit == "off")
            {
                throw new JournalException(
                    $"the {Name} has synchronous_commit=off: what it has acknowledged may be lost; set it to on, for the server or by ALTER DATABASE ... SET synchronous_commit=on");
            }

            if ((string)Scalar(connection, "SHOW idle_in_transaction_session_timeout") == "0")
            {
                throw new JournalException(
                    $"the {Name} has idle_in_transaction_session_timeout=0: a coordinator that freezes while it writes could never be succeeded; "
                    + "let the connection string or the pooler pass Options on, or set it to 5s by ALTER ROLE ... SET idle_in_transaction_session_timeout='5s'");
            }

            return true;
        });

        public override IReadOnlyList<string> Migrate() => Use(connection =>
        {
            using var transaction = connection.BeginTransaction();
            Scalar(connection, $"SELECT pg_advisory_xact_lock({MigrationLock}) IS NULL"); // until the commit
            var added = SchemaScripts.Apply(connection, transaction, Dialect);
            transaction.Commit();
            return added;
        });

        public override DbConnection Open()
        {
            var connection = new NpgsqlConnection(ConnectionString);
            connection.Open();
            return connection;
        }

        public bool Equals(Postgres? other) => ConnectionString == other?.ConnectionString;

        public override int GetHashCode() => ConnectionString.GetHashCode(StringComparison.Ordinal);

        private const string MigrateHint = "run: gencluster migrate --database-file FILE";

        /// <summary>A valid, whole (not partial) unique index over exactly these two columns, in whatever order.</summary>
        private const string UniqueKeyExists = """
            SELECT EXISTS (
              SELECT 1 FROM pg_index i
              WHERE i.indrelid = to_regclass('journal') AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                AND (SELECT array_agg(a.attname::text ORDER BY a.attname::text) FROM pg_attribute a
                     WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])) = ARRAY['persistence_id', 'sequence_number'])
            """;

        private const string FenceExists = """
            SELECT count(*) = 2 FROM pg_trigger
            WHERE tgrelid = to_regclass('journal') AND tgname IN ('gencluster_take_office', 'gencluster_keep_office') AND tgenabled <> 'D'
            """;

        private void SetUnlessSet(string key, Action set)
        {
            if (!settings.ShouldSerialize(key))
                set();
        }

        private T Use<T>(Func<DbConnection, T> use)
        {
            try
            {
                using var connection = Open();
                return use(connection);
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
            {
                throw new JournalException(
                    $"the {Name} cannot be used: {e.GetBaseException().Message}; check that it runs, that it is reachable, and its connection string", e);
            }
        }
    }
}
