using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;
using GenCluster.Actors.Persistence;
using GenCluster.Server.Journals;

namespace GenCluster.Server.ReadModel;

/// <summary>
/// Carries the journal into the read model. Rows and the place that they come from are one transaction, which fails if
/// somebody else has moved the place: so every event is applied exactly once, whoever does it and however often.
/// </summary>
public sealed class ReadModelFeed(JournalDatabase database)
{
    private const string Name = "read-model";
    private const string PlaceQuery = $"SELECT ordering FROM {ReadTables.Feed} WHERE name = '{Name}'";

    private readonly JournalReader journal = new(database);

    /// <summary>Applies the next events, at most <paramref name="count"/>.</summary>
    /// <returns>How many there were; 0 when the read model is up to date.</returns>
    /// <exception cref="FeedMovedException">Another one applies events, too.</exception>
    public int Advance(int count)
    {
        using var connection = database.Open();
        long at = PlaceOf(connection);
        var entries = journal.After(connection, at, count);
        if (entries.Count == 0)
            return 0;

        var changes = entries.SelectMany(e => Projection.Of(e)).ToArray();
        database.InTurn(() => Write(connection, at, entries[^1].Ordering, changes));
        return entries.Count;
    }

    /// <summary>Empties the read model and makes it anew; who reads meanwhile sees the old one, and who feeds it goes on after it.</summary>
    /// <returns>How many events there were.</returns>
    public int Rebuild()
    {
        using var reading = database.Open();
        var changes = new List<RowChange>();
        int count = 0;

        // Most of it before any lock is taken: a coordinator that writes the same file must not wait for a replay.
        long at = PlaceOf(reading);
        Replay(after: 0, at);
        database.InTurn(() =>
        {
            using var writing = database.Open();
            using var transaction = writing.BeginTransaction(IsolationLevel.ReadCommitted);
            Replay(at, Hold(transaction)); // what others have fed meanwhile, and no further: so far no place is still to be filled
            foreach (var table in ReadTables.All)
                transaction.Execute($"DELETE FROM {table.Name}");
            Apply(transaction, changes);
            transaction.Commit();
        });
        return count + CatchUp();

        void Replay(long after, long last)
        {
            foreach (var entry in JournalReader.UpTo(reading, last, after))
            {
                changes.AddRange(Projection.Of(entry));
                count++;
            }
        }
    }

    /// <summary>The place of the last event that is in the read model.</summary>
    public static long PlaceOf(DbConnection connection) => connection.Number(PlaceQuery);

    private static void Write(DbConnection connection, long from, long to, IEnumerable<RowChange> changes)
    {
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Move(transaction, from, to); // the lock on the place comes first: nobody else feeds until this is done
        Apply(transaction, changes);
        transaction.Commit();
    }

    private int CatchUp()
    {
        int count = 0;
        try
        {
            while (Advance(500) is > 0 and var more)
                count += more;
        }
        catch (FeedMovedException)
        {
            // Somebody else feeds it: that one goes on.
        }

        return count;
    }

    private static void Move(DbTransaction transaction, long from, long to)
    {
        int moved = transaction.Execute(
            $"UPDATE {ReadTables.Feed} SET ordering = @to WHERE name = '{Name}' AND ordering = @from", ("@to", to), ("@from", from));
        if (moved != 1)
            throw new FeedMovedException();
    }

    /// <summary>Takes the lock on the place: nobody else feeds until the transaction ends.</summary>
    /// <returns>The place.</returns>
    private static long Hold(DbTransaction transaction)
    {
        transaction.Execute($"UPDATE {ReadTables.Feed} SET ordering = ordering WHERE name = '{Name}'");
        return transaction.Connection!.Number(PlaceQuery, transaction);
    }

    /// <summary>Changes of one shape share a command, which compiles its statement once.</summary>
    private static void Apply(DbTransaction transaction, IEnumerable<RowChange> changes)
    {
        var commands = new Dictionary<string, DbCommand>();
        try
        {
            foreach (var (table, key, set) in changes)
            {
                string[] columns = [.. table.Key, .. set.Select(s => s.Column)];
                string sql =
                    $"INSERT INTO {table.Name} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(c => "@" + c))}) " +
                    $"ON CONFLICT ({string.Join(", ", table.Key)}) DO UPDATE SET {string.Join(", ", set.Select(s => $"{s.Column} = excluded.{s.Column}"))}";
                ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(commands, sql, out _);
                command ??= transaction.Command(sql, columns);
                command.Execute([.. key, .. set.Select(s => s.Value)]);
            }
        }
        finally
        {
            foreach (var command in commands.Values)
                command.Dispose();
        }
    }
}

/// <summary>Two read the journal into the same read model; the one that came second has changed nothing.</summary>
public sealed class FeedMovedException() : InvalidOperationException("another node feeds the read model; this one changed nothing");
