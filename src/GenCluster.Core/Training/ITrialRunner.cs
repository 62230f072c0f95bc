using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Core.Training;

/// <summary>A member of a gang as its peers see it.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Host">Address of its data plane.</param>
/// <param name="Port">Port of its data plane.</param>
[MessagePackObject]
public sealed record GangMember([property: Key(0)] WorkerId Worker, [property: Key(1)] string Host, [property: Key(2)] int Port);

/// <summary>What one member of a gang is to do.</summary>
/// <param name="Member">Which of <paramref name="Members"/> the receiver is. Member 0 leads: it evaluates, reports and checkpoints.</param>
/// <param name="Secret">32 bytes that prove membership to the peers.</param>
/// <param name="Checkpoints">Where to resume from, the newest first; empty to start anew.</param>
[MessagePackObject]
public sealed record TrialOrder(
    [property: Key(0)] Lease Lease,
    [property: Key(1)] TrialDefinition Definition,
    [property: Key(2)] GangMember[] Members,
    [property: Key(3)] int Member,
    [property: Key(4)] byte[] Secret,
    [property: Key(5)] CheckpointManifest[] Checkpoints);

/// <summary>How far a trial is; lossy, for people who watch.</summary>
/// <param name="StepsPerSecond">Over the last moments; 0 when unknown.</param>
/// <param name="Losses">The loss of each phase and other training-time values.</param>
[MessagePackObject]
public sealed record StepProgress([property: Key(0)] int Step, [property: Key(1)] double StepsPerSecond, [property: Key(2)] Metric[] Losses);

/// <summary>A small picture of generated samples: 8-bit pixels, row by row, channels interleaved. At most 48 KiB.</summary>
[MessagePackObject]
public sealed record SamplePicture(
    [property: Key(0)] int Width, [property: Key(1)] int Height, [property: Key(2)] int Channels, [property: Key(3)] byte[] Pixels);

/// <summary>How a run ended, from the runner's side.</summary>
[Union(0, typeof(Completed))]
[Union(1, typeof(Drained))]
[Union(2, typeof(Broken))]
public abstract record RunOutcome
{
    /// <summary>All steps are trained and evaluated.</summary>
    [MessagePackObject]
    public sealed record Completed([property: Key(0)] int Steps, [property: Key(1)] string WeightsSha256) : RunOutcome;

    /// <summary>Stopped on request after a checkpoint.</summary>
    [MessagePackObject]
    public sealed record Drained([property: Key(0)] int Step) : RunOutcome;

    /// <summary>Stopped by a failure.</summary>
    [MessagePackObject]
    public sealed record Broken([property: Key(0)] FailureClass Failure, [property: Key(1)] string Message) : RunOutcome;
}

/// <summary>
/// Hears of a run as it goes. Called on the training thread: implementations return at once and may be called before
/// the run's outcome is known.
/// </summary>
public interface ITrialObserver
{
    /// <summary>The state is ready; training goes on after <paramref name="step"/> (0: from the beginning).</summary>
    void Started(int step);

    void Progressed(StepProgress progress);

    /// <summary>An evaluation is done; the leader only.</summary>
    void Evaluated(MetricReport report, SamplePicture? picture);

    /// <summary>The blobs of a checkpoint are stored; the leader only.</summary>
    void Checkpointed(CheckpointManifest manifest);

    /// <summary>Something a person should know, and the run goes on.</summary>
    void Warned(string message);
}

/// <summary>How others stop a run. Safe to use from any thread.</summary>
public sealed class RunControl : IDisposable
{
    private readonly CancellationTokenSource abort = new();
    private volatile bool drain;
    private CheckpointManifest[]? kept;

    /// <summary>Set: finish the step, checkpoint, return <see cref="RunOutcome.Drained"/>.</summary>
    public bool DrainRequested => drain;

    /// <summary>Cancelled: stop now; the lease is gone and nothing may be written for it any more.</summary>
    public CancellationToken Aborted => abort.Token;

    public void Drain() => drain = true;

    public void Abort() => abort.Cancel();

    /// <summary>The journal now holds these checkpoints of the trial, and no others.</summary>
    public void Keep(CheckpointManifest[] checkpoints) => Volatile.Write(ref kept, checkpoints);

    /// <summary>
    /// The checkpoints that the journal holds, if that was heard since the last call; else null. Blobs of older ones
    /// may go.
    /// </summary>
    public CheckpointManifest[]? TakeKept() => Interlocked.Exchange(ref kept, null);

    public void Dispose() => abort.Dispose();
}

/// <summary>Trains one trial as one member of its gang. The adapter in GenCluster.Training brings libtorch.</summary>
public interface ITrialRunner
{
    /// <summary>
    /// Runs to an end, on the calling thread, which belongs to the run alone. Never throws for what can go wrong in a
    /// trial: that is a <see cref="RunOutcome.Broken"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control);
}
