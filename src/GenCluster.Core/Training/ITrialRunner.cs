using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Core.Training;

/// <summary>A member of a gang as its peers see it.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Host">Address of its data plane.</param>
/// <param name="Port">Port of its data plane.</param>
/// <param name="Shards">How many shards of each batch it computes; the ranges lie one after the other, in the order of the members.</param>
[MessagePackObject]
public sealed record GangMember(
    [property: Key(0)] WorkerId Worker, [property: Key(1)] string Host, [property: Key(2)] int Port, [property: Key(3)] int Shards = 1);

/// <summary>
/// What a worker is to do for a trial. One that trains the trial already gets a new order at every change of the gang
/// and goes on with the state it holds (<see cref="RunControl.TakeOrder"/>); else a run begins.
/// </summary>
/// <param name="Members">The gang under this lease.</param>
/// <param name="Member">
/// Which of <paramref name="Members"/> the receiver is; member 0 leads: it evaluates, reports and checkpoints. -1 for a
/// joiner: it fetches the state from a member, says so (<see cref="ITrialObserver.Joined"/>), and gets an order with a
/// number at the next change.
/// </param>
/// <param name="Secret">32 bytes that prove membership to the peers; new at every change.</param>
/// <param name="Checkpoints">Where to resume from when no member holds the state, the newest first; empty to start anew.</param>
/// <param name="Forced">
/// True: the gang before this one cannot go on; leave it at once, also in the middle of a step. False: finish the step in
/// flight; the members agree on the step after which all of them change over.
/// </param>
/// <param name="Reported">
/// The steps whose evaluation is in the journal, rising; null for none. A leader reports the others that it knows of.
/// </param>
/// <param name="Until">
/// The milestone: the run trains exactly to this step, evaluates, stores a checkpoint and ends as
/// <see cref="RunOutcome.Drained"/>. Null: it trains to the end. The same in all orders of a run.
/// </param>
[MessagePackObject]
public sealed record TrialOrder(
    [property: Key(0)] Lease Lease,
    [property: Key(1)] TrialDefinition Definition,
    [property: Key(2)] GangMember[] Members,
    [property: Key(3)] int Member,
    [property: Key(4)] byte[] Secret,
    [property: Key(5)] CheckpointManifest[] Checkpoints,
    [property: Key(6)] bool Forced = false,
    [property: Key(7)] int[]? Reported = null,
    [property: Key(8)] int? Until = null)
{
    /// <summary>The number of a receiver that is not a member yet.</summary>
    public const int Joiner = -1;
}

/// <summary>How far a trial is; lossy, for people who watch.</summary>
/// <param name="StepsPerSecond">Over the last moments; 0 when unknown.</param>
/// <param name="Losses">The loss of each phase and other training-time values.</param>
[MessagePackObject]
public sealed record StepProgress([property: Key(0)] int Step, [property: Key(1)] double StepsPerSecond, [property: Key(2)] Metric[] Losses);

/// <summary>How fast a member of a gang is; lossy, to find the slow ones. All times are means over the last steps.</summary>
/// <param name="Step">The last of these steps.</param>
/// <param name="SecondsPerShard">Computing one shard of a step.</param>
/// <param name="WaitSeconds">Of a step, waiting for the vectors of others.</param>
/// <param name="Lateness">Seconds of a step from the first member's vector being ready to this one's.</param>
[MessagePackObject]
public sealed record MemberMeasure(
    [property: Key(0)] int Step, [property: Key(1)] double SecondsPerShard, [property: Key(2)] double WaitSeconds, [property: Key(3)] double Lateness);

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
    /// <summary>All steps are trained and evaluated, or as many as were wanted of a run that was told to finish.</summary>
    [MessagePackObject]
    public sealed record Completed([property: Key(0)] int Steps, [property: Key(1)] string WeightsSha256) : RunOutcome;

    /// <summary>Stopped on request. What was trained up to <paramref name="Step"/> is in a checkpoint.</summary>
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
    /// <summary>
    /// The gang of the order in force is complete and the state is ready; training goes on after <paramref name="step"/>
    /// (0: from the beginning). Called once for each order that was carried out.
    /// </summary>
    void Started(int step);

    void Progressed(StepProgress progress);

    /// <summary>An evaluation is done; the leader only.</summary>
    void Evaluated(MetricReport report, SamplePicture? picture);

    /// <summary>The blobs of a checkpoint are stored; the leader only.</summary>
    void Checkpointed(CheckpointManifest manifest);

    /// <summary>Something a person should know, and the run goes on.</summary>
    void Warned(string message);

    /// <summary>
    /// The gang of the order in force broke, or could not be joined, through no fault of this member: it holds the state
    /// and waits for another order (<see cref="RunControl.WaitForOrder"/>).
    /// </summary>
    /// <param name="peer">The number of the member that is to blame; null when nobody knows.</param>
    void GangBroke(int? peer, string message)
    {
    }

    /// <summary>A joiner holds the state after <paramref name="step"/> and waits to be a member.</summary>
    void Joined(int step)
    {
    }

    /// <summary>How fast this member is.</summary>
    void Measured(MemberMeasure measure)
    {
    }
}

/// <summary>Trains one trial as one member of its gang. The adapter in GenCluster.Training brings libtorch.</summary>
public interface ITrialRunner
{
    /// <summary>
    /// Runs to an end, on the calling thread, which belongs to the run alone. Never throws for what can go wrong in a
    /// trial: that is a <see cref="RunOutcome.Broken"/>. A broken gang is no end: the run says so and waits for an order.
    /// Members that do not lead stay when all is trained until they are aborted: one of them may have to lead.
    /// </summary>
    /// <param name="order">The first order; later ones come through <paramref name="control"/>.</param>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    RunOutcome Run(TrialOrder order, ITrialObserver observer, RunControl control);
}
