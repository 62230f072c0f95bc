using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace GenCluster.Actors.Persistence.Schema;

/// <summary>
/// The schema, script by script: files <c>NNNN-what.sql</c> in this folder, applied in the order of their names, or
/// <c>NNNN-what.dialect.sql</c> where the dialects differ. A script that was released is never changed; what is new is another one. It may only add, so that
/// the release before goes on beside this one.
/// </summary>
internal static class SchemaScripts
{
    /// <summary>Names which scripts were applied. In both dialects.</summary>
    private const string Table =
        "CREATE TABLE IF NOT EXISTS gencluster_schema (script VARCHAR(100) NOT NULL PRIMARY KEY, applied VARCHAR(40) NOT NULL)";

    private static readonly string[] Resources = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal)];

    /// <summary>The names of all scripts of a dialect, without it: <c>0001-journal</c>.</summary>
    public static IReadOnlyList<string> Of(string dialect) =>
        [.. Resources.Select(resource => resource.Split('.')).Where(parts => parts.Length == 2 || parts[1] == dialect).Select(parts => parts[0])];

    /// <summary>Applies what is missing. The caller holds a lock, and commits.</summary>
    /// <returns>The names of what was missing.</returns>
    public static IReadOnlyList<string> Apply(DbConnection connection, DbTransaction transaction, string dialect)
    {
        Execute(connection, transaction, Table);
        var missing = MissingIn(connection, dialect, transaction);
        foreach (string script in missing)
        {
            Execute(connection, transaction, Text(script, dialect));
            Record(connection, transaction, script);
        }

        return missing;
    }

    /// <summary>The scripts that were not applied yet. One that this release does not know is of a later one, and does no harm.</summary>
    public static IReadOnlyList<string> MissingIn(DbConnection connection, string dialect, DbTransaction? transaction = null)
    {
        if (!TableExists(connection, dialect, transaction))
            return Of(dialect);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT script FROM gencluster_schema";
        using var reader = command.ExecuteReader();
        var applied = new HashSet<string>();
        while (reader.Read())
            applied.Add(reader.GetString(0));
        return [.. Of(dialect).Where(script => !applied.Contains(script))];
    }

    private static bool TableExists(DbConnection connection, string dialect, DbTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = dialect == "postgres"
            ? "SELECT CASE WHEN to_regclass('gencluster_schema') IS NULL THEN 0 ELSE 1 END"
            : "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'gencluster_schema'";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) > 0;
    }

    private static void Record(DbConnection connection, DbTransaction transaction, string script)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO gencluster_schema (script, applied) VALUES (@script, CURRENT_TIMESTAMP)";
        var name = command.CreateParameter();
        name.ParameterName = "@script";
        name.Value = script;
        command.Parameters.Add(name);
        command.ExecuteNonQuery();
    }

    private static void Execute(DbConnection connection, DbTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Text(string script, string dialect)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resources.Contains($"{script}.sql") ? $"{script}.sql" : $"{script}.{dialect}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static bool IsScript(string resource) => resource.EndsWith(".sql", StringComparison.Ordinal);
}
