using System.Globalization;
using GenCluster.Actors.Serialization;
using GenCluster.Core.Identity;

namespace GenCluster.Server.Journals;

/// <summary>A row of the journal, as it stands there.</summary>
/// <param name="Ordering">Its place among all events of the database.</param>
/// <param name="Sequence">Its number among the events of the same journal, from 1.</param>
/// <param name="CreatedTicks">When it was written, by the writer's wall clock: ticks of .NET, UTC.</param>
public sealed record JournalEntry(
    long Ordering, string PersistenceId, long Sequence, long CreatedTicks, string Manifest, int Serializer, ReadOnlyMemory<byte> Message)
{
    /// <summary>When it was written: milliseconds since 1970, UTC.</summary>
    public long CreatedAt => (CreatedTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    /// <summary>Whose event it is.</summary>
    public JournalOwner Owner => JournalOwner.Of(PersistenceId);

    /// <summary>The event.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">It is none of this release, or damaged.</exception>
    public object Read() => MessagePackWireSerializer.ReadEvent(Message.ToArray(), Manifest, Serializer);

    /// <summary>For people who look for it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"event {Sequence} of {PersistenceId} ({Manifest})");
}

/// <summary>Whose events a journal holds.</summary>
public abstract record JournalOwner
{
    private JournalOwner()
    {
    }

    /// <summary>The coordinator's own.</summary>
    public sealed record Coordinator : JournalOwner;

    public sealed record OfSweep(SweepId Sweep) : JournalOwner;

    public sealed record OfTrial(TrialId Trial) : JournalOwner;

    /// <summary>The shelf of a trial: its checkpoints, where the database holds them.</summary>
    public sealed record OfShelf(TrialId Trial) : JournalOwner;

    /// <summary>Nobody's that this release knows.</summary>
    public sealed record Stranger(string PersistenceId) : JournalOwner;

    /// <summary>By the persistence ids that the actors have: <c>coordinator</c>, <c>sweep-NAME</c>, <c>trial-NAME-NUMBER</c>, <c>shelf-NAME-NUMBER</c>.</summary>
    public static JournalOwner Of(string persistenceId)
    {
        const string sweep = "sweep-";
        if (persistenceId == "coordinator")
            return new Coordinator();
        if (persistenceId.StartsWith(sweep, StringComparison.Ordinal))
            return new OfSweep(new SweepId(persistenceId[sweep.Length..]));
        if (TrialIn(persistenceId, "trial-") is { } trial)
            return new OfTrial(trial);
        return TrialIn(persistenceId, "shelf-") is { } shelf ? new OfShelf(shelf) : new Stranger(persistenceId);
    }

    private static TrialId? TrialIn(string id, string prefix)
    {
        int dash = id.LastIndexOf('-');
        return id.StartsWith(prefix, StringComparison.Ordinal) && dash > prefix.Length
            && int.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new TrialId(new SweepId(id[prefix.Length..dash]), number)
            : null;
    }
}
