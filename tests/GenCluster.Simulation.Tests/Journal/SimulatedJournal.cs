using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests.Journal;

/// <summary>What a write, or a reading, comes to.</summary>
internal enum WriteFate
{
    Commits,

    /// <summary>The database refuses it, and says so.</summary>
    Fails,

    /// <summary>It is written, and the writer hears that it is not.</summary>
    CommitsAndFails,

    /// <summary>The writer dies before anything is written.</summary>
    WriterDiesBefore,

    /// <summary>The writer dies after the commit, before it hears of it.</summary>
    WriterDiesAfter,
}

/// <summary>How bad the journal is. The fractions are of all writes.</summary>
internal sealed record JournalTroubles(double Fail, double CommitAndFail, double DieBefore, double DieAfter, double Slow)
{
    public static readonly JournalTroubles None = new(0, 0, 0, 0, 0);
}

/// <summary>An event as it stands in the database.</summary>
internal sealed record JournalRow(string PersistenceId, long SequenceNr, string Manifest, byte[] Bytes);

/// <summary>The database: it outlives every node, and takes no two rows of one number.</summary>
internal sealed class SimulatedJournal(Simulation simulation)
{
    private readonly Dictionary<string, List<JournalRow>> rows = [];
    private readonly Dice dice = new(simulation.Seed, "journal");

    public JournalTroubles Troubles { get; set; } = JournalTroubles.None;

    public bool IsDown { get; set; }

    /// <summary>For tests that plant an error: says that all is written before it is.</summary>
    public bool AcknowledgesEarly { get; init; }

    public IReadOnlyList<JournalRow> Rows(string persistenceId) => rows.GetValueOrDefault(persistenceId) ?? [];

    public WriteFate Throw()
    {
        double at = dice.Unit();
        if (IsDown || (at -= Troubles.Fail) < 0)
            return WriteFate.Fails;
        if ((at -= Troubles.CommitAndFail) < 0)
            return WriteFate.CommitsAndFails;
        if ((at -= Troubles.DieBefore) < 0)
            return WriteFate.WriterDiesBefore;
        return at - Troubles.DieAfter < 0 ? WriteFate.WriterDiesAfter : WriteFate.Commits;
    }

    /// <summary>How long the database takes.</summary>
    public TimeSpan Latency() => dice.Milliseconds(0.2, dice.Chance(Troubles.Slow) ? 3_000 : 3);

    /// <summary>Writes all or nothing; false when a row of one of these numbers is there.</summary>
    public bool TryCommit(string writer, IReadOnlyList<JournalRow> batch)
    {
        if (batch.Any(row => row.SequenceNr <= Rows(row.PersistenceId).Count))
            return false;
        foreach (var row in batch)
        {
            if (!rows.TryGetValue(row.PersistenceId, out var stream))
                stream = rows[row.PersistenceId] = [];
            stream.Add(row);
            object @event = simulation.World.Serializer.FromBinary(row.Bytes, row.Manifest);
            simulation.Trace.Note("writes", writer, $"#{row.SequenceNr}", @event, row.Bytes);
            simulation.Audit.Committed(row.PersistenceId, row.SequenceNr, @event);
        }

        return true;
    }
}
