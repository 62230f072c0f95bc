using Microsoft.Data.Sqlite;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>What must hold of a run folder when the sweep has ended, whatever happened to it.</summary>
internal static class Invariants
{
    public static void Check(Sandbox sandbox)
    {
        CheckJournal(Path.Combine(sandbox.Folder, "journal.db"));
        CheckBlobs(BlobsOf(sandbox));
        Directory.EnumerateFiles(sandbox.Folder, ".*.tmp", SearchOption.AllDirectories).ShouldBeEmpty("files that nobody writes any more");
    }

    /// <summary>What is kept of all checkpoints: files that are named after their SHA-256.</summary>
    public static string[] BlobsOf(Sandbox sandbox)
    {
        string trials = Path.Combine(sandbox.Folder, "trials");
        return !Directory.Exists(trials) ? [] : [.. Directory
            .EnumerateFiles(trials, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(trials, file).Split('/') is [_, "checkpoints", .., { Length: 64 }])
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Every actor's events are numbered without a gap or a double, and the file is sound.</summary>
    public static void CheckJournal(string path)
    {
        Read(path, "PRAGMA integrity_check").ShouldBe(["ok"]);
        Read(path, """
            SELECT persistence_id || ': ' || COUNT(*) || ' events up to ' || MAX(sequence_number) FROM journal
            GROUP BY persistence_id HAVING COUNT(*) <> MAX(sequence_number) OR MIN(sequence_number) <> 1
            """).ShouldBeEmpty();
        Read(path, "SELECT COUNT(*) FROM journal").ShouldNotBe(["0"]);
    }

    /// <summary>The same of a journal in PostgreSQL.</summary>
    public static void CheckJournal(CoordinatorCluster cluster) => cluster.Query("""
        SELECT persistence_id FROM journal GROUP BY persistence_id HAVING count(*) <> max(sequence_number) OR min(sequence_number) <> 1
        """).ShouldBeEmpty();

    /// <summary>The first column of what a SQLite file answers.</summary>
    public static List<string> Read(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static void CheckBlobs(string[] blobs)
    {
        blobs.ShouldNotBeEmpty();
        blobs.Where(blob => Sandbox.Sha256(blob) != Path.GetFileName(blob)).ShouldBeEmpty("blobs that are not what their names say");
    }
}
