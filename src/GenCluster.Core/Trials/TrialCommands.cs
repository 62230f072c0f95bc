using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Search;

namespace GenCluster.Core.Trials;

/// <summary>A command to a trial. Time and dice, where one needs them, are already in it.</summary>
public interface ITrialCommand;

/// <param name="Until">The milestone that it trains to; null: it runs through.</param>
public sealed record CreateTrial(TrialDefinition Definition, int? Until = null) : ITrialCommand;

/// <summary>Trains on from a milestone.</summary>
/// <param name="Until">The next one; null: it runs through.</param>
public sealed record ContinueTrial(int? Until) : ITrialCommand;

/// <summary>Lets it wait, stored, until it is let go.</summary>
public sealed record HoldTrial : ITrialCommand;

/// <summary>Takes a <see cref="HoldTrial"/> back.</summary>
public sealed record FreeTrial : ITrialCommand;

/// <summary>Lets it end where it is; what it has reached counts.</summary>
/// <param name="At">Milliseconds since 1970, UTC; likewise in other commands. 0: not known.</param>
public sealed record StopTrial(string Reason, long At = 0) : ITrialCommand;

/// <summary>Ends it at a step that lies behind it, however far workers have run on since.</summary>
/// <param name="Step">Of its evaluation that the ruling is about.</param>
public sealed record PruneTrial(int Step, Ruling Ruling, long At = 0) : ITrialCommand;

/// <summary>Begins a failed trial again, from its checkpoint.</summary>
/// <param name="Round">How often that was asked for; one that is known changes nothing.</param>
public sealed record ReopenTrial(int Round) : ITrialCommand;

/// <summary>Gives the trial to a gang, in the order of its shards.</summary>
public sealed record GrantLease(IReadOnlyList<WorkerId> Members, long At = 0) : ITrialCommand;

/// <summary>Takes the lease away, or gives it back.</summary>
/// <param name="Worker">Where it failed; null when that is not known.</param>
/// <param name="Step">The highest step that was heard of; -1 before the first.</param>
/// <param name="Elsewhere">Whether there are other workers that the trial could be tried on.</param>
public sealed record EndLease(
    long Epoch, FailureClass Cause, string Message, WorkerId? Worker = null, int Step = -1, bool Elsewhere = false, long At = 0) : ITrialCommand;

/// <summary>
/// The trial goes on as another gang, from the memory of its members: some were lost, left or came, or the gang broke.
/// </summary>
/// <param name="Members">In the order of their shards; the first leads.</param>
/// <param name="Cause">What was lost; null when nothing was.</param>
/// <param name="Step">The highest step that was heard of.</param>
/// <param name="Worker">Who was lost; null when that is not known.</param>
public sealed record ChangeGang(
    long Epoch, IReadOnlyList<WorkerId> Members, FailureClass? Cause, string Message, int Step, WorkerId? Worker = null, long At = 0) : ITrialCommand;

public sealed record ReportMetrics(long Epoch, MetricReport Report, long At = 0) : ITrialCommand;

public sealed record CommitCheckpoint(long Epoch, CheckpointManifest Manifest, long At = 0) : ITrialCommand;

/// <summary>Keeps a checkpoint for somebody besides the trial: a rung it was promoted from, a trial that starts from its weights.</summary>
/// <param name="Holder">Who needs it, e.g. <c>trial-7</c>; a holder has one pin.</param>
/// <param name="Step">Of a checkpoint that is kept now.</param>
public sealed record PinCheckpoint(string Holder, int Step) : ITrialCommand;

/// <summary>The holder has what it needs.</summary>
public sealed record ReleaseCheckpoint(string Holder) : ITrialCommand;

/// <summary>All steps are trained, or as many as are wanted of one that is stopped.</summary>
public sealed record CompleteTrial(long Epoch, int Steps, string WeightsSha256, long At = 0) : ITrialCommand;

/// <summary>Whoever asked for it no longer wants the result.</summary>
public sealed record CancelTrial(string Reason, long At = 0) : ITrialCommand;

/// <summary>Tries again after the machines have been put right.</summary>
public sealed record ForgiveStalls : ITrialCommand;
