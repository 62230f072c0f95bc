using System.Data.Common;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Identity;

namespace GenCluster.Server.Journals;

/// <summary>
/// Reads the journal of a database in the order of all its events, without an actor system: also while no coordinator
/// runs, and long after.
/// </summary>
public sealed class JournalReader(JournalDatabase database)
{
    private const int Page = 500;

    private const string Columns = "ordering, persistence_id, sequence_number, created, manifest, identifier, message";

    /// <summary>The next events, at most <paramref name="count"/>. Whoever goes on after the last one misses none.</summary>
    /// <remarks>
    /// PostgreSQL gives out places before the rows are committed, so a later place may be seen before an earlier one.
    /// Where a place is missing, all who are writing are awaited for a moment; a place that is then still missing stays
    /// so (its writer failed). SQLite has one writer at a time and no such gaps.
    /// </remarks>
    public IReadOnlyList<JournalEntry> After(DbConnection connection, long ordering, int count)
    {
        var entries = Read(connection, ordering, count);
        if (database is JournalDatabase.Sqlite || IsWithoutGap(entries, ordering))
            return entries;

        using var transaction = connection.BeginTransaction();
        transaction.Execute("SET LOCAL lock_timeout = '2s'");
        transaction.Execute("LOCK TABLE journal IN SHARE MODE");
        entries = Read(connection, ordering, count);
        transaction.Commit();
        return entries;
    }

    /// <summary>All events up to a place, read page by page, from the one after another place.</summary>
    public static IEnumerable<JournalEntry> UpTo(DbConnection connection, long last, long after = 0)
    {
        for (long at = after; at < last;)
        {
            var entries = Read(connection, at, Page);
            foreach (var entry in entries.Where(e => e.Ordering <= last))
                yield return entry;
            if (entries.Count < Page)
                yield break;
            at = entries[^1].Ordering;
        }
    }

    /// <summary>The newest events, oldest first.</summary>
    public static IReadOnlyList<JournalEntry> Newest(DbConnection connection, int count)
    {
        var entries = connection.Rows($"SELECT {Columns} FROM journal ORDER BY ordering DESC LIMIT @count", Entry, ("@count", count));
        entries.Reverse();
        return entries;
    }

    /// <summary>The next events of a sweep, at most <paramref name="count"/>.</summary>
    /// <param name="place">No further than the read model is: that far no place is still to be filled.</param>
    /// <param name="trials">Whether those of its trials are wanted, too. Then some of other sweeps may be among them, whose names begin alike.</param>
    public static IReadOnlyList<JournalEntry> OfSweep(DbConnection connection, SweepId sweep, long after, long place, int count, bool trials)
    {
        string whose = trials ? @"(persistence_id = @sweep OR persistence_id LIKE @trials ESCAPE '\')" : "persistence_id = @sweep";
        (string, object?)[] names = [("@sweep", $"sweep-{sweep}"), ("@trials", $"trial-{Literal(sweep.Value)}-%")];
        return connection.Rows(
            $"SELECT {Columns} FROM journal WHERE ordering > @after AND ordering <= @place AND {whose} ORDER BY ordering LIMIT @count",
            Entry,
            [("@after", after), ("@place", place), ("@count", count), .. trials ? names : names[..1]]);
    }

    /// <summary>The sweeps of which there are events, by name.</summary>
    public static IReadOnlyList<SweepId> Sweeps(DbConnection connection) =>
    [
        .. connection.Rows("SELECT DISTINCT persistence_id FROM journal WHERE persistence_id LIKE 'sweep-%'", row => JournalOwner.Of(row.GetString(0)))
            .OfType<JournalOwner.OfSweep>().Select(o => o.Sweep).OrderBy(s => s.Value, StringComparer.Ordinal),
    ];

    /// <summary>The place of the newest event; 0 when there is none.</summary>
    public static long Last(DbConnection connection) => connection.Number("SELECT max(ordering) FROM journal");

    private static List<JournalEntry> Read(DbConnection connection, long after, int count) => connection.Rows(
        $"SELECT {Columns} FROM journal WHERE ordering > @after ORDER BY ordering LIMIT @count", Entry, ("@after", after), ("@count", count));

    private static string Literal(string name) => name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static bool IsWithoutGap(List<JournalEntry> entries, long after) => entries.Count == 0 || entries[^1].Ordering == after + entries.Count;

    private static JournalEntry Entry(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.Text(4) ?? "", (int)(row.Integer(5) ?? 0), row.GetFieldValue<byte[]>(6));
}
