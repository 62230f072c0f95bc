using GenCluster.Actors.Persistence;
using Microsoft.Data.Sqlite;

namespace GenCluster.Actors.Tests.Persistence;

/// <summary>The thread that writes a journal's file.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-test-").FullName;
    private readonly JournalDatabase.Sqlite database;

    public SqliteWriterTests()
    {
        database = new JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        database.Prepare();
    }

    private string ConnectionText => new SqliteConnectionStringBuilder { DataSource = database.Path }.ToString();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_several_write_at_once_is_all_there_and_in_the_order_of_each()
    {
        using var writer = new SqliteWriter(ConnectionText);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(actor => Task.Run(() => Task.WhenAll(Enumerable.Range(1, 200).Select(number => writer.WriteAsync([Line($"actor-{actor}", number)]))))));

        Numbers("SELECT count(*) FROM journal").ShouldBe([1600]);
        for (int actor = 0; actor < 8; actor++)
            Numbers($"SELECT sequence_number FROM journal WHERE persistence_id = 'actor-{actor}' ORDER BY ordering").ShouldBe(Enumerable.Range(1, 200).Select(n => (long)n));
    }

    [Fact]
    public async Task What_is_said_to_be_written_is_in_the_file()
    {
        using var writer = new SqliteWriter(ConnectionText);

        await writer.WriteAsync([Line("a", 1), Line("a", 2)]);

        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT created, deleted, persistence_id, sequence_number, manifest, identifier, message FROM journal ORDER BY ordering DESC LIMIT 1";
        using var reader = command.ExecuteReader();
        reader.Read().ShouldBeTrue();
        (reader.GetInt64(0), reader.GetBoolean(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4), reader.GetInt32(5)).ShouldBe((42, false, "a", 2, "event/1", 7));
        reader.GetFieldValue<byte[]>(6).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task A_number_that_is_there_already_is_refused_with_all_that_came_with_it_and_the_next_write_succeeds()
    {
        using var writer = new SqliteWriter(ConnectionText);
        await writer.WriteAsync([Line("a", 1)]);

        (await Should.ThrowAsync<SqliteException>(() => writer.WriteAsync([Line("a", 2), Line("a", 1)]))).Message.ShouldContain("UNIQUE constraint failed");
        await writer.WriteAsync([Line("a", 2)]);

        Numbers("SELECT sequence_number FROM journal ORDER BY ordering").ShouldBe([1, 2]);
    }

    [Fact]
    public async Task The_highest_number_counts_what_was_written_before_it_was_asked_for()
    {
        using var writer = new SqliteWriter(ConnectionText);
        (await writer.HighestAsync("a", 0)).ShouldBe(0);

        var writes = Enumerable.Range(1, 50).Select(n => writer.WriteAsync([Line("a", n), Line("b", n)])).ToArray();
        long highest = await writer.HighestAsync("a", 0);

        highest.ShouldBe(50);
        writes.ShouldAllBe(write => write.IsCompletedSuccessfully, "they were before it in the line");
        (await writer.HighestAsync("a", 51)).ShouldBe(0);
        (await writer.HighestAsync("c", 0)).ShouldBe(0);
    }

    [Fact]
    public async Task Another_one_who_holds_the_file_is_waited_for()
    {
        using var writer = new SqliteWriter(ConnectionText);
        using var connection = (SqliteConnection)database.Open();
        Task write;
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            write = writer.WriteAsync([Line("a", 1)]);
            (await Task.WhenAny(write, Task.Delay(TimeSpan.FromMilliseconds(50)))).ShouldNotBe(write);
            transaction.Commit();
        }

        await write;
        Numbers("SELECT count(*) FROM journal").ShouldBe([1]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_and_tried_again_with_the_next_write()
    {
        using var writer = new SqliteWriter(ConnectionText);
        Run("ALTER TABLE journal RENAME TO elsewhere");

        (await Should.ThrowAsync<SqliteException>(() => writer.WriteAsync([Line("a", 1)]))).Message.ShouldContain("no such table: journal");

        Run("ALTER TABLE elsewhere RENAME TO journal");
        await writer.WriteAsync([Line("a", 1)]);
        Numbers("SELECT count(*) FROM journal").ShouldBe([1]);
    }

    [Fact]
    public async Task A_closed_one_writes_nothing_more_and_leaves_nobody_waiting()
    {
        var writer = new SqliteWriter(ConnectionText);
        using var connection = (SqliteConnection)database.Open();
        Task[] writes;
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            writes = [.. Enumerable.Range(1, 20).Select(n => writer.WriteAsync([Line("a", n)]))];
            writer.Dispose();
            transaction.Commit();
        }

        foreach (var write in writes)
            await Task.WhenAny(write);
        Numbers("SELECT count(*) FROM journal").ShouldBe([writes.Count(w => w.IsCompletedSuccessfully)]);
        await Should.ThrowAsync<ObjectDisposedException>(() => writer.WriteAsync([Line("a", 21)]));
    }

    private static JournalLine Line(string actor, int number) => new(actor, number, 42, "event/1", 7, [(byte)number, 3]);

    private void Run(string sql)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<long> Numbers(string sql)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<long> numbers = [];
        while (reader.Read())
            numbers.Add(reader.GetInt64(0));
        return numbers;
    }
}
