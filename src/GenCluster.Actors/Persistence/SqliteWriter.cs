using Microsoft.Data.Sqlite;

namespace GenCluster.Actors.Persistence;

/// <summary>
/// Writes a journal on a thread of its own, with one connection. A transaction takes along all that came while the one before it
/// was written: group commit, so the disk is waited for less often the more there is to do.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly string connectionText;
    private readonly Lock turn;
    private readonly string writer = Guid.NewGuid().ToString("N");
    private readonly object gate = new();
    private List<Work> waiting = [];
    private bool isOver;

    public SqliteWriter(string connectionText)
    {
        this.connectionText = connectionText;
        turn = JournalDatabase.Sqlite.TurnOf(new SqliteConnectionStringBuilder(connectionText).DataSource);
        new Thread(Serve) { IsBackground = true, Name = "gencluster-journal" }.Start();
    }

    /// <summary>Ends when the lines are on the disk. They are all there, or none of them.</summary>
    public Task WriteAsync(IReadOnlyList<JournalLine> lines) => Enqueue(session =>
    {
        foreach (var line in lines)
            session.Insert(line, writer);
        return 0;
    });

    /// <summary>The highest number of an actor's events that is not below this one; 0 for none.</summary>
    public Task<long> HighestAsync(string persistenceId, long from) => Enqueue(session => session.Highest(persistenceId, from));

    /// <summary>Gives up what waits; what is being written comes to its end.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            Monitor.Pulse(gate);
        }
    }

    private Task<long> Enqueue(Func<Session, long> act)
    {
        var work = new Work(act);
        lock (gate)
        {
            if (isOver)
                return Task.FromException<long>(new ObjectDisposedException(nameof(SqliteWriter), "the journal is closed"));
            waiting.Add(work);
            Monitor.Pulse(gate);
        }

        return work.Done.Task;
    }

    private void Serve()
    {
        Session? session = null;
        while (Next() is { } works)
        {
            try
            {
                session ??= new Session(connectionText);
                lock (turn)
                    session.Do(works);
            }
            catch (Exception e)
            {
                Close(session); // whatever it was, the next one begins afresh
                session = null;
                works.ForEach(work => work.Done.TrySetException(e));
                continue;
            }

            works.ForEach(work => work.Done.TrySetResult(work.Result));
        }

        waiting.ForEach(work => work.Done.TrySetCanceled());
        Close(session);
    }

    /// <summary>What a broken connection says at its end must not end this thread, and the process with it.</summary>
    private static void Close(Session? session)
    {
        try
        {
            session?.Dispose();
        }
        catch (SqliteException)
        {
            // What it was used for has failed already, or is written.
        }
    }

    private List<Work>? Next()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !isOver)
                Monitor.Wait(gate);
            if (isOver)
                return null;
            var works = waiting;
            waiting = [];
            return works;
        }
    }

    private sealed class Work(Func<Session, long> act)
    {
        // Who waits goes on within this thread: it does no more than tell an actor.
        public TaskCompletionSource<long> Done { get; } = new();

        public long Result { get; private set; }

        public void Do(Session session) => Result = act(session);
    }

    /// <summary>A connection, and the statements that it has compiled.</summary>
    private sealed class Session : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly SqliteCommand insert;
        private readonly SqliteCommand highest;

        public Session(string connectionText)
        {
            connection = JournalDatabase.Sqlite.Open(connectionText);
            insert = Command(
                "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (@created, 0, @id, @number, @message, @manifest, @serializer, @writer)",
                "@created", "@id", "@number", "@message", "@manifest", "@serializer", "@writer");
            highest = Command("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id AND sequence_number >= @from", "@id", "@from");
        }

        public void Do(List<Work> works)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            (insert.Transaction, highest.Transaction) = (transaction, transaction);
            works.ForEach(work => work.Do(this));
            transaction.Commit();
        }

        public void Insert(JournalLine line, string writer) =>
            Bound(insert, line.Created, line.PersistenceId, line.SequenceNr, line.Message, line.Manifest, line.Serializer, writer).ExecuteNonQuery();

        public long Highest(string persistenceId, long from) => Bound(highest, persistenceId, from).ExecuteScalar() is long number ? number : 0;

        public void Dispose()
        {
            insert.Dispose();
            highest.Dispose();
            connection.Dispose();
        }

        private SqliteCommand Command(string text, params string[] parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = text;
            foreach (string name in parameters)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            return command;
        }

        private static SqliteCommand Bound(SqliteCommand command, params ReadOnlySpan<object> values)
        {
            for (int i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i];
            return command;
        }
    }
}
