using System.Data;
using System.Data.Common;
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
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Move(transaction, at, entries[^1].Ordering);
        Apply(transaction, changes);
        transaction.Commit();
        return entries.Count;
    }

    /// <summary>Empties the read model and makes it anew; who reads meanwhile sees the old one.</summary>
    /// <returns>How many events there were.</returns>
    public int Rebuild()
    {
        using var connection = database.Open();
        long at = PlaceOf(connection);
        using var reading = database.Open(); // a connection reads one thing at a time
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        foreach (var table in ReadTables.All)
            transaction.Execute($"DELETE FROM {table.Name}");

        // No further than where it was: that far it is known that no place is still to be filled.
        int count = 0;
        foreach (var entry in JournalReader.UpTo(reading, at))
        {
            Apply(transaction, Projection.Of(entry));
            count++;
        }

        Move(transaction, at, at);
        transaction.Commit();
        while (Advance(500) is > 0 and var more)
            count += more;
        return count;
    }

    /// <summary>The place of the last event that is in the read model.</summary>
    public static long PlaceOf(DbConnection connection) => connection.Number($"SELECT ordering FROM {ReadTables.Feed} WHERE name = '{Name}'");

    private static void Move(DbTransaction transaction, long from, long to)
    {
        int moved = transaction.Execute(
            $"UPDATE {ReadTables.Feed} SET ordering = @to WHERE name = '{Name}' AND ordering = @from", ("@to", to), ("@from", from));
        if (moved != 1)
            throw new FeedMovedException();
    }

    private static void Apply(DbTransaction transaction, IEnumerable<RowChange> changes)
    {
        foreach (var change in changes)
        {
            var (table, key, set) = change;
            string[] columns = [.. table.Key, .. set.Select(s => s.Column)];
            object?[] values = [.. key, .. set.Select(s => s.Value)];
            string sql =
                $"INSERT INTO {table.Name} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(c => "@" + c))}) " +
                $"ON CONFLICT ({string.Join(", ", table.Key)}) DO UPDATE SET {string.Join(", ", set.Select(s => $"{s.Column} = excluded.{s.Column}"))}";
            transaction.Execute(sql, [.. columns.Select((c, i) => ("@" + c, values[i]))]);
        }
    }
}

/// <summary>Two read the journal into the same read model; the one that came second has changed nothing.</summary>
public sealed class FeedMovedException() : InvalidOperationException("another node feeds the read model; this one changed nothing");
