using System.Data.Common;
using System.Globalization;

namespace GenCluster.Server.Journals;

/// <summary>The few things that are done with a database, the same for SQLite and PostgreSQL.</summary>
internal static class Sql
{
    public static List<T> Rows<T>(this DbConnection connection, string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = connection.Command(sql, null, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public static int Execute(this DbTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = transaction.Connection!.Command(sql, transaction, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>A command that is executed again and again, with values for these columns' parameters.</summary>
    public static DbCommand Command(this DbTransaction transaction, string sql, IEnumerable<string> columns) =>
        transaction.Connection!.Command(sql, transaction, [.. columns.Select(c => ("@" + c, (object?)null))]);

    public static void Execute(this DbCommand command, object?[] values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }

    public static long Number(this DbConnection connection, string sql, DbTransaction? transaction = null)
    {
        using var command = connection.Command(sql, transaction);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Integer(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static double? Real(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    private static DbCommand Command(
        this DbConnection connection, string sql, DbTransaction? transaction, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
