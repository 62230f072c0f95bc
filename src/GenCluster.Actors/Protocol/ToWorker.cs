using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using MessagePack;

namespace GenCluster.Actors.Protocol;

/// <summary>What the coordinator says to workers. Orders carry its epoch: one of an older coordinator is refused.</summary>
public static class ToWorker
{
    /// <summary>The worker is known from now on.</summary>
    [MessagePackObject]
    public sealed record Welcome([property: Key(0)] long Epoch) : IWire;

    /// <summary>The worker cannot take part.</summary>
    [MessagePackObject]
    public sealed record Rejected([property: Key(0)] string Reason) : IWire;

    /// <summary>The answer to a heartbeat.</summary>
    /// <param name="Known">False: say hello again.</param>
    /// <param name="Number">Of the beat that is answered.</param>
    [MessagePackObject]
    public sealed record HeartbeatAck([property: Key(0)] long Epoch, [property: Key(1)] bool Known, [property: Key(2)] long Number = 0) : IWire;

    /// <summary>
    /// Train; or go on as another gang, for a worker that trains this trial under an older lease. Repeated when the worker
    /// seems not to have heard it.
    /// </summary>
    [MessagePackObject]
    public sealed record RunTrial([property: Key(0)] long Epoch, [property: Key(1)] TrialOrder Order) : IWire;

    /// <summary>Stop training, under this lease or an older one of the trial.</summary>
    /// <param name="Drain">True: after the step, with a checkpoint. False: at once, writing nothing.</param>
    /// <param name="Finish">Besides a drain: what is reached then is the result.</param>
    [MessagePackObject]
    public sealed record StopRun(
        [property: Key(0)] long Epoch, [property: Key(1)] Lease Lease, [property: Key(2)] bool Drain, [property: Key(3)] bool Finish = false) : IWire;

    /// <summary>The report is in the journal.</summary>
    [MessagePackObject]
    public sealed record ReportAccepted([property: Key(0)] Lease Lease, [property: Key(1)] int Step) : IWire;

    /// <summary>The manifest is in the journal, or will never be: <paramref name="Kept"/> says which.</summary>
    /// <param name="Kept">The trial's checkpoints from now on; the blobs of others may go.</param>
    /// <param name="Committed">The highest step that the journal has taken a checkpoint of: of none up to it another one is taken.</param>
    [MessagePackObject]
    public sealed record CheckpointAccepted(
        [property: Key(0)] Lease Lease, [property: Key(1)] int Step, [property: Key(2)] CheckpointManifest[] Kept, [property: Key(3)] int Committed = 0) : IWire;

    /// <summary>The end of the run is in the journal.</summary>
    [MessagePackObject]
    public sealed record OutcomeAccepted([property: Key(0)] Lease Lease) : IWire;

    /// <summary>The lease is over, and so is every older one of the trial: whatever was said under it counts for nothing.</summary>
    [MessagePackObject]
    public sealed record LeaseOver([property: Key(0)] Lease Lease) : IWire;
}
