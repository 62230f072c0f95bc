using System.Diagnostics.Tracing;
using GenCluster.Collectives.Frames;

namespace GenCluster.Collectives.Tracing;

/// <summary>
/// The exchange of gradients, as it goes: the event source <c>GenCluster-Collectives</c>, for dotnet-trace. It costs a comparison where
/// nobody listens. Events are written on the thread that reduces.
/// </summary>
[EventSource(Name = SourceName)]
public sealed class CollectivesTrace : EventSource
{
    /// <summary>The name that tools know it by.</summary>
    public const string SourceName = "GenCluster-Collectives";

    private CollectivesTrace()
    {
    }

    public static CollectivesTrace Log { get; } = new();

    /// <summary>This member's vector of a bucket is complete and begins to go to the others.</summary>
    /// <param name="position">The operation of the trial.</param>
    [Event(1, Level = EventLevel.Informational)]
    public void Send(long position, int phase, int bucket)
    {
        if (IsEnabled())
            WriteEvent(1, position, phase, bucket);
    }

    /// <summary>A part of a bucket came from, or went to, a member.</summary>
    [Event(2, Level = EventLevel.Verbose)]
    public void Part(long position, int bucket, int peer)
    {
        if (IsEnabled())
            WriteEvent(2, position, bucket, peer);
    }

    /// <summary>This member has summed its slice of a bucket, and the sum begins to go to the others.</summary>
    [Event(3, Level = EventLevel.Informational)]
    public void Sum(long position, int phase, int bucket)
    {
        if (IsEnabled())
            WriteEvent(3, position, phase, bucket);
    }

    [NonEvent]
    internal void Send(in Collective collective) => Send(collective.Place.Position, collective.Place.Phase, collective.Place.Bucket);

    [NonEvent]
    internal void Part(in Collective collective, int peer) => Part(collective.Place.Position, collective.Place.Bucket, peer);

    [NonEvent]
    internal void Sum(in Collective collective) => Sum(collective.Place.Position, collective.Place.Phase, collective.Place.Bucket);
}
