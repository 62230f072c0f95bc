using System.Diagnostics.Tracing;
using GenCluster.Collectives.Tracing;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Tests.Tracing;

/// <summary>
/// Hears of every phase of a step, on the thread that is about to begin it: those that training names, and <c>send</c>, <c>part</c> and
/// <c>sum</c> of a bucket.
/// </summary>
internal sealed class PhaseListener(Action<string> heard) : EventListener
{
    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name is TrainingTrace.SourceName or CollectivesTrace.SourceName)
            EnableEvents(source, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs written)
    {
        switch (written.EventName)
        {
            case nameof(TrainingTrace.Phase):
                heard((string)written.Payload![^1]!);
                break;
            case nameof(CollectivesTrace.Send):
            case nameof(CollectivesTrace.Part):
            case nameof(CollectivesTrace.Sum):
                heard(written.EventName.ToLowerInvariant());
                break;
        }
    }
}
