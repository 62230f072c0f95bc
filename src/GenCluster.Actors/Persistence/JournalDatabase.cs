using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace GenCluster.Actors.Persistence;

/// <summary>
/// The SQL database that holds everything that must not be lost: journal, snapshots, and the tables made from them.
/// SQLite for one coordinator, PostgreSQL for one or several.
/// </summary>
public abstract partial record JournalDatabase
{
    private JournalDatabase()
    {
    }

    /// <summary>What people may see of it: never a password.</summary>
    public abstract string Name { get; }

    /// <summary>The dialect of its schema scripts.</summary>
    internal abstract string Dialect { get; }

    /// <summary>Akka.Persistence.Sql's name of the driver and the dialect.</summary>
    private protected abstract string Provider { get; }

    private protected abstract string ConnectionText { get; }

    /// <summary>Settings of Akka.Persistence.Sql's journal that only this kind of database needs.</summary>
    private protected virtual string JournalSettings => "";

    /// <summary>The same of its snapshot store.</summary>
    private protected virtual string StoreSettings => "";

    /// <summary>Makes sure that the database can keep what is promised, before anything is.</summary>
    /// <exception cref="JournalException">It cannot; the message says why and what to do.</exception>
    public abstract void Prepare();

    /// <summary>Brings the schema up to this release. Repeating it changes nothing, and several may do it at once.</summary>
    /// <returns>The names of the scripts that were not there yet.</returns>
    /// <exception cref="JournalException">The database cannot be used; the message says why and what to do.</exception>
    public abstract IReadOnlyList<string> Migrate();

    /// <summary>An open connection. The caller disposes it.</summary>
    public abstract DbConnection Open();

    /// <summary>
    /// Does something that writes, and is short, when nobody else in this process does. A file has one writer at a time: who finds it
    /// locked by another process looks again after a while, but those in one process can wait for each other.
    /// </summary>
    public virtual void InTurn(Action write) => write();

    /// <summary>Settings for Akka.Persistence.Sql: journal, snapshots and queries. There is no other plugin to fall back to.</summary>
    public Config AkkaConfig()
    {
        string connection = $"""connection-string = {Quoted(ConnectionText)}, provider-name = "{Provider}" """;
        return ConfigurationFactory.ParseString($$"""
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                  {{connection}}
                  auto-initialize = off # the schema is ours to make
                  {{JournalSettings}}
                  replay-filter.mode = fail # an event of a second writer is an error, nothing to be dropped silently
                  circuit-breaker { max-failures = 5, call-timeout = 10s, reset-timeout = 3s }
                  recovery-event-timeout = 15s
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                  {{connection}}
                  auto-initialize = off
                  circuit-breaker { max-failures = 5, call-timeout = 10s, reset-timeout = 3s }
                  {{StoreSettings}}
                }
              }
              query.journal.sql { {{connection}} }
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration);
    }

    /// <summary>What belongs to <see cref="AkkaConfig"/> and cannot be said in a configuration; null: nothing.</summary>
    internal virtual Setup? AkkaSetup() => null;

    public sealed override string ToString() => Name;

    private protected static object Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>A journal cannot be used.</summary>
public sealed class JournalException(string message, Exception? inner = null) : IOException(message, inner);
