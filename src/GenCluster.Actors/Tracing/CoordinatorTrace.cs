using System.Collections.Immutable;
using System.Diagnostics.Tracing;

namespace GenCluster.Actors.Tracing;

/// <summary>
/// What the coordinator writes to its journal: the event source <c>GenCluster-Coordinator</c>, for dotnet-trace. It costs a comparison
/// where nobody listens. Events are written on the thread of the actor that persists.
/// </summary>
[EventSource(Name = SourceName)]
public sealed class CoordinatorTrace : EventSource
{
    /// <summary>The name that tools know it by.</summary>
    public const string SourceName = "GenCluster-Coordinator";

    private CoordinatorTrace()
    {
    }

    public static CoordinatorTrace Log { get; } = new();

    /// <summary>A decision is made; its events go to the journal.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void Persisting(string actor, string happened)
    {
        if (IsEnabled())
            WriteEvent(1, actor, happened);
    }

    /// <summary>An event is in the journal; nobody has heard of it.</summary>
    [Event(2, Level = EventLevel.Informational)]
    public void Persisted(string actor, string happened)
    {
        if (IsEnabled())
            WriteEvent(2, actor, happened);
    }

    /// <summary>All that follows from a decision was done, and whoever asked for it was answered.</summary>
    /// <param name="happened">The last of its events.</param>
    [Event(3, Level = EventLevel.Informational)]
    public void Acknowledged(string actor, string happened)
    {
        if (IsEnabled())
            WriteEvent(3, actor, happened);
    }

    [NonEvent]
    internal void Persisting<TEvent>(string actor, ImmutableArray<TEvent> events)
        where TEvent : class
    {
        if (!IsEnabled())
            return;
        foreach (var e in events)
            Persisting(actor, e.GetType().Name);
    }

    [NonEvent]
    internal void Persisted(string actor, object @event)
    {
        if (IsEnabled())
            Persisted(actor, @event.GetType().Name);
    }

    [NonEvent]
    internal void Acknowledged(string actor, object @event)
    {
        if (IsEnabled())
            Acknowledged(actor, @event.GetType().Name);
    }
}
