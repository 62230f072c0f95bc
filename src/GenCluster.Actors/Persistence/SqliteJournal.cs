using Akka.Configuration;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;

namespace GenCluster.Actors.Persistence;

/// <summary>The embedded journal: one SQLite file in WAL mode with synchronous=FULL, for one coordinator.</summary>
public static class SqliteJournal
{
    private const int SynchronousFull = 2;

    /// <summary>Creates or opens the file, puts it in WAL mode and makes sure that a commit survives a power cut.</summary>
    /// <exception cref="JournalException">The file cannot be used; the message says why and what to do.</exception>
    public static void Prepare(string path)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(path));
            connection.Open();
            string mode = (string)Scalar(connection, "PRAGMA journal_mode=WAL");
            if (mode != "wal")
                throw new JournalException($"the journal {path} cannot be put in WAL mode (it stays in '{mode}'); put it on a local disk");

            // A property of each connection: it must be the library's default, as nobody sets it later.
            long synchronous = (long)Scalar(connection, "PRAGMA synchronous");
            if (synchronous < SynchronousFull)
                throw new JournalException($"SQLite was built with synchronous={synchronous}; a commit would not survive a power cut, {SynchronousFull} is needed");

            // A write, so that a read-only or full disk is told before anything is promised.
            Scalar(connection, "PRAGMA user_version=1; SELECT 1");
        }
        catch (SqliteException e)
        {
            throw new JournalException($"the journal {path} cannot be opened for writing: {e.Message}; free or grant access to it and run the same command again", e);
        }
    }

    /// <summary>Settings for Akka.Persistence.Sql.</summary>
    public static Config Config(string path) => ConfigurationFactory.ParseString($$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql {
              connection-string = "{{ConnectionString(path)}}"
              provider-name = "SQLite.MS"
              replay-filter.mode = fail
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql { connection-string = "{{ConnectionString(path)}}", provider-name = "SQLite.MS" }
          }
          query.journal.sql { connection-string = "{{ConnectionString(path)}}", provider-name = "SQLite.MS" }
        }
        """).WithFallback(SqlPersistence.DefaultConfiguration);

    private static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5 }.ToString().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static object Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }
}

/// <summary>A journal cannot be used.</summary>
public sealed class JournalException(string message, Exception? inner = null) : IOException(message, inner);
