using System.Diagnostics.Tracing;

namespace GenCluster.Training.Tracing;

/// <summary>
/// What this worker does, as it does it: the event source <c>GenCluster-Training</c>, for dotnet-trace and dotnet-counters. It costs a
/// comparison where nobody listens. Events are written on the thread that does the work, before it does it.
/// </summary>
[EventSource(Name = SourceName)]
public sealed class TrainingTrace : EventSource
{
    /// <summary>The name that tools know it by.</summary>
    public const string SourceName = "GenCluster-Training";

    /// <summary>Reads the samples of a shard.</summary>
    public const string Data = "data";

    /// <summary>Computes the loss of a shard.</summary>
    public const string Forward = "forward";

    /// <summary>Computes the gradients of a shard.</summary>
    public const string Backward = "backward";

    /// <summary>Waits for the sum over the gang.</summary>
    public const string Reduce = "reduce";

    /// <summary>Applies the sum.</summary>
    public const string Apply = "apply";

    /// <summary>The leader evaluates.</summary>
    public const string Evaluate = "evaluate";

    /// <summary>The leader stores the state: once at the beginning.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The leader stores a part of the state: once for each.</summary>
    public const string Blob = "blob";

    /// <summary>All of the state is stored; the coordinator is told of it next.</summary>
    public const string Manifest = "manifest";

    /// <summary>Copies the state of another member.</summary>
    public const string Copy = "copy";

    /// <summary>A joiner applies a sum of the gang that it follows.</summary>
    public const string Follow = "follow";

    private long steps;
    private IncrementingPollingCounter? rate;

    private TrainingTrace()
    {
    }

    public static TrainingTrace Log { get; } = new();

    /// <summary>This worker is a member of a gang that begins, or goes on, at a step.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void Gang(string trial, long epoch, int member, int members, int step)
    {
        if (IsEnabled())
            WriteEvent(1, trial, epoch, member, members, step);
    }

    /// <summary>A phase of a step begins.</summary>
    /// <param name="step">Steps finished.</param>
    /// <param name="update">Which update of the step, counting from 0; -1 between steps.</param>
    /// <param name="phase">One of this class's constants.</param>
    [Event(2, Level = EventLevel.Verbose)]
    public void Phase(int step, int update, string phase)
    {
        if (IsEnabled())
            WriteEvent(2, step, update, phase);
    }

    /// <summary>A step is finished: its last sum is applied, on this member.</summary>
    /// <param name="step">Steps finished, this one included.</param>
    [Event(3, Level = EventLevel.Informational)]
    public void Step(int step)
    {
        steps++; // one thread trains
        if (IsEnabled())
            WriteEvent(3, step);
    }

    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command == EventCommand.Enable)
            rate ??= new IncrementingPollingCounter("steps", this, () => Volatile.Read(ref steps)) { DisplayName = "Steps", DisplayRateTimeScale = TimeSpan.FromSeconds(1) };
    }

    protected override void Dispose(bool disposing)
    {
        rate?.Dispose();
        base.Dispose(disposing);
    }
}
