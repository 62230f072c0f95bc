using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>A command to a trial. Time and dice, where one needs them, are already in it.</summary>
public interface ITrialCommand;

public sealed record CreateTrial(TrialDefinition Definition) : ITrialCommand;

/// <summary>Gives the trial to a gang, in the order of its shards.</summary>
public sealed record GrantLease(IReadOnlyList<WorkerId> Members) : ITrialCommand;

/// <summary>Takes the lease away, or gives it back.</summary>
/// <param name="Worker">Where it failed; null when that is not known.</param>
/// <param name="Step">The highest step that was heard of; -1 before the first.</param>
/// <param name="Elsewhere">Whether there are other workers that the trial could be tried on.</param>
public sealed record EndLease(
    long Epoch, FailureClass Cause, string Message, WorkerId? Worker = null, int Step = -1, bool Elsewhere = false) : ITrialCommand;

/// <summary>
/// The trial goes on as another gang, from the memory of its members: some were lost, left or came, or the gang broke.
/// </summary>
/// <param name="Members">In the order of their shards; the first leads.</param>
/// <param name="Cause">What was lost; null when nothing was.</param>
/// <param name="Step">The highest step that was heard of.</param>
/// <param name="Worker">Who was lost; null when that is not known.</param>
public sealed record ChangeGang(
    long Epoch, IReadOnlyList<WorkerId> Members, FailureClass? Cause, string Message, int Step, WorkerId? Worker = null) : ITrialCommand;

public sealed record ReportMetrics(long Epoch, MetricReport Report) : ITrialCommand;

public sealed record CommitCheckpoint(long Epoch, CheckpointManifest Manifest) : ITrialCommand;

/// <summary>Keeps a checkpoint for somebody besides the trial: a rung it was promoted from, a trial that starts from its weights.</summary>
/// <param name="Holder">Who needs it, e.g. <c>trial-7</c>; a holder has one pin.</param>
/// <param name="Step">Of a checkpoint that is kept now.</param>
public sealed record PinCheckpoint(string Holder, int Step) : ITrialCommand;

/// <summary>The holder has what it needs.</summary>
public sealed record ReleaseCheckpoint(string Holder) : ITrialCommand;

/// <summary>All steps are trained.</summary>
public sealed record CompleteTrial(long Epoch, int Steps, string WeightsSha256) : ITrialCommand;

/// <summary>Whoever asked for it no longer wants the result.</summary>
public sealed record CancelTrial(string Reason) : ITrialCommand;

/// <summary>Tries again after the machines have been put right.</summary>
public sealed record ForgiveStalls : ITrialCommand;
