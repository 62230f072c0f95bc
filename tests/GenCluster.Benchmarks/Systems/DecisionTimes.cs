using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using GenCluster.Actors.Tracing;

namespace GenCluster.Benchmarks.Systems;

/// <summary>How long each decision of the coordinator takes: from when it is made until it is in the journal and whoever asked for it is answered.</summary>
internal sealed class DecisionTimes : EventListener
{
    private const int Persisting = 1, Persisted = 2, Acknowledged = 3; // the events' numbers in CoordinatorTrace

    private readonly ConcurrentDictionary<string, Actor> actors = [];
    private readonly ConcurrentQueue<(string Event, double Time)> times = [];

    /// <summary>Of all of them.</summary>
    public IEnumerable<double> Milliseconds => times.Select(t => t.Time);

    /// <summary>Of those that ended with such an event.</summary>
    public IEnumerable<double> MillisecondsOf(string happened) => times.Where(t => t.Event == happened).Select(t => t.Time);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == CoordinatorTrace.SourceName)
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != CoordinatorTrace.SourceName || eventData.Payload is not [string name, string happened])
            return;
        var actor = actors.GetOrAdd(name, _ => new Actor());
        switch (eventData.EventId)
        {
            case Persisting:
                actor.Open.Enqueue(Stopwatch.GetTimestamp());
                break;
            case Persisted:
                actor.Last = actor.Open.Dequeue();
                break;
            case Acknowledged:
                times.Enqueue((happened, Stopwatch.GetElapsedTime(actor.Last).TotalMilliseconds));
                if (actor.Open.Count == 0)
                    actors.TryRemove(name, out _); // there are as many actors as trials
                break;
        }
    }

    /// <summary>What is on its way to the journal, one event after another: an actor does one thing at a time.</summary>
    private sealed class Actor
    {
        public Queue<long> Open { get; } = [];

        public long Last { get; set; }
    }
}
