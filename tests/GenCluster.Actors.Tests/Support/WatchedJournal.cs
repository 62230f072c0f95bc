using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace GenCluster.Actors.Tests.Support;

/// <summary>A journal in memory. Whoever watches it hears of each write when it is committed and before its writer does, and may hold the writer back.</summary>
public sealed class WatchedJournal : MemoryJournal
{
    private static volatile Watcher? watcher;

    /// <summary>Settings of the actor system that put this journal in place of another.</summary>
    public static string Settings => $$"""
        akka.persistence.journal {
          plugin = "akka.persistence.journal.watched"
          watched { class = "{{typeof(WatchedJournal).FullName}}, {{typeof(WatchedJournal).Assembly.GetName().Name}}", plugin-dispatcher = "akka.actor.default-dispatcher" }
        }
        """;

    /// <summary>One test at a time.</summary>
    public static void Watch(Watcher? by) => watcher = by;

    /// <param name="id">Of the journal that is written to.</param>
    /// <param name="events">Of one write: all of them are committed, or none is.</param>
    public delegate Task Watcher(string id, IReadOnlyList<object> events);

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        AtomicWrite[] writes = [.. messages];
        var result = await base.WriteMessagesAsync(writes, cancellationToken);
        if (watcher is { } hears)
        {
            // All at once: they are committed together, and a writer that is killed for one of them is dead for the others, too.
            await Task.WhenAll(writes.Select(write => hears(write.PersistenceId, [.. ((IImmutableList<IPersistentRepresentation>)write.Payload).Select(p => p.Payload)])));
        }

        return result;
    }
}
