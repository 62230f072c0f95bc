using System.Diagnostics;
using System.Diagnostics.Tracing;
using GenCluster.Actors.Tracing;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>Ends this process like a power cut when so many events are in the journal and nobody has heard of the last one.</summary>
internal sealed class SuddenDeath(int events) : EventListener
{
    private const int Persisted = 2; // the event's number in CoordinatorTrace

    private int count;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == CoordinatorTrace.SourceName)
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is { EventId: Persisted, EventSource.Name: CoordinatorTrace.SourceName } && Interlocked.Increment(ref count) == events)
            Process.GetCurrentProcess().Kill(); // SIGKILL
    }
}
