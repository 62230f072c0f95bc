using Microsoft.Data.Sqlite;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>What must hold of a run folder when the sweep has ended, whatever happened to it.</summary>
internal static class Invariants
{
    public static void Check(Sandbox sandbox)
    {
        CheckJournal(Path.Combine(sandbox.Folder, "journal.db"));
        foreach (string checkpoints in Directory.EnumerateDirectories(sandbox.Folder, "checkpoints", SearchOption.AllDirectories))
            CheckBlobs(checkpoints);
        Directory.EnumerateFiles(sandbox.Folder, ".*.tmp", SearchOption.AllDirectories).ShouldBeEmpty("files that nobody writes any more");
    }

    /// <summary>Every actor's events are numbered without a gap or a double, and the file is sound.</summary>
    private static void CheckJournal(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        Read(connection, "PRAGMA integrity_check").ShouldBe(["ok"]);
        Read(connection, """
            SELECT persistence_id || ': ' || COUNT(*) || ' events up to ' || MAX(sequence_number) FROM journal
            GROUP BY persistence_id HAVING COUNT(*) <> MAX(sequence_number) OR MIN(sequence_number) <> 1
            """).ShouldBeEmpty();
        Read(connection, "SELECT COUNT(*) FROM journal").ShouldNotBe(["0"]);
    }

    private static void CheckBlobs(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file).Length == 64 && Sandbox.Sha256(file) != Path.GetFileName(file))
        .ShouldBeEmpty("blobs that are not what their names say");

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
