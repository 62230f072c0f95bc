using System.Data.Common;
using System.Globalization;
using GenCluster.Server.Journals;

namespace GenCluster.Server.ReadModel;

/// <summary>
/// The rows of a read model in memory: made by changes, or read from a database. Two that hold the same are equal row by
/// row, whatever database they come from.
/// </summary>
public sealed class RowSet
{
    private readonly Dictionary<ReadTable, SortedDictionary<string, string?[]>> tables =
        ReadTables.All.ToDictionary(t => t, _ => new SortedDictionary<string, string?[]>(StringComparer.Ordinal));

    public int Count => tables.Values.Sum(rows => rows.Count);

    public static RowSet Read(DbConnection connection)
    {
        var set = new RowSet();
        foreach (var table in ReadTables.All)
        {
            string sql = $"SELECT {string.Join(", ", table.Key.AddRange(table.Values))} FROM {table.Name}";
            foreach (var row in connection.Rows(sql, r => Enumerable.Range(0, r.FieldCount).Select(i => r.IsDBNull(i) ? null : Text(r.GetValue(i))).ToArray()))
                set.tables[table][KeyText(row[..table.Key.Length])] = row[table.Key.Length..];
        }

        return set;
    }

    public void Apply(RowChange change)
    {
        var rows = tables[change.Table];
        string key = KeyText([.. change.Key.Select(Text)]);
        if (!rows.TryGetValue(key, out var row))
            rows[key] = row = new string?[change.Table.Values.Length];
        foreach (var (column, value) in change.Set)
            row[change.Table.Values.IndexOf(column)] = value is null ? null : Text(value);
    }

    /// <summary>The value at a row and column; null where there is none.</summary>
    public string? Find(ReadTable table, string column, params object[] key) =>
        tables[table].GetValueOrDefault(KeyText([.. key.Select(Text)]))?[table.Values.IndexOf(column)];

    /// <summary>The rows that differ, in words.</summary>
    public IEnumerable<string> DifferencesFrom(RowSet right)
    {
        foreach (var (table, rows) in tables)
        {
            var others = right.tables[table];
            foreach (string key in rows.Keys.Union(others.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (!others.TryGetValue(key, out var other))
                    yield return $"{table.Name} has a row '{key}' too much";
                else if (!rows.TryGetValue(key, out var row))
                    yield return $"{table.Name} lacks the row '{key}'";
                else if (table.Values.Where((_, i) => row[i] != other[i]).ToArray() is { Length: > 0 } columns)
                    yield return $"{table.Name} has other values of {string.Join(", ", columns)} in the row '{key}'";
            }
        }
    }

    private static string KeyText(IReadOnlyList<string?> parts) => string.Join('/', parts);

    private static string Text(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
