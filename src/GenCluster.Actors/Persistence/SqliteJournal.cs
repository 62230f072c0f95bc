using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Akka.Serialization;

namespace GenCluster.Actors.Persistence;

/// <summary>
/// The journal in a file: the tables and the replays of Akka.Persistence.Sql, with writes of our own. Its own ones open a
/// connection and compile a statement each time, which costs more than to write; and the next decision waits for it.
/// </summary>
internal sealed class SqliteJournal(Config config) : SqlWriteJournal(config)
{
    private readonly Akka.Serialization.Serialization serialization = Context.System.Serialization;
    private readonly SqliteWriter writer = new(config.GetString("connection-string"));

    /// <summary>What was written before is found: both wait in the same line.</summary>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        writer.HighestAsync(persistenceId, fromSequenceNr);

    protected override void PostStop()
    {
        writer.Dispose();
        base.PostStop();
    }

    /// <returns>Null, or for each write null or why its events cannot be put in bytes.</returns>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        long now = Context.System.Scheduler.Now.UtcTicks;
        var rows = new List<JournalLine>();
        var refusals = new List<Exception?>();
        foreach (var write in messages)
        {
            try
            {
                rows.AddRange(((IImmutableList<IPersistentRepresentation>)write.Payload).Select(e => LineOf(e, now)).ToArray()); // all of them, or none
                refusals.Add(null);
            }
            catch (Exception e)
            {
                refusals.Add(e);
            }
        }

        if (rows.Count > 0)
            await writer.WriteAsync(rows);
        return refusals.TrueForAll(r => r is null) ? null! : [.. refusals!];
    }

    private JournalLine LineOf(IPersistentRepresentation @event, long now) => Akka.Serialization.Serialization.WithTransport(serialization.System, () =>
    {
        var serializer = serialization.FindSerializerFor(@event.Payload);
        string manifest = serializer is SerializerWithStringManifest named ? named.Manifest(@event.Payload) : "";
        return new JournalLine(@event.PersistenceId, @event.SequenceNr, @event.Timestamp == 0 ? now : @event.Timestamp, manifest, serializer.Identifier, serializer.ToBinary(@event.Payload));
    });
}

/// <summary>A row of the table <c>journal</c>.</summary>
/// <param name="Created">Ticks, UTC.</param>
/// <param name="Serializer">The number by which Akka knows who made the bytes.</param>
internal readonly record struct JournalLine(string PersistenceId, long SequenceNr, long Created, string Manifest, int Serializer, byte[] Message);
