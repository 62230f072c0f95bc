using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>A command to a trial. Time and dice, where one needs them, are already in it.</summary>
public interface ITrialCommand;

public sealed record CreateTrial(TrialDefinition Definition) : ITrialCommand;

/// <summary>Gives the trial to a gang, in the order of its shards.</summary>
public sealed record GrantLease(IReadOnlyList<WorkerId> Members) : ITrialCommand;

/// <summary>Takes the lease away, or gives it back.</summary>
public sealed record EndLease(long Epoch, FailureClass Cause, string Message) : ITrialCommand;

public sealed record ReportMetrics(long Epoch, MetricReport Report) : ITrialCommand;

public sealed record CommitCheckpoint(long Epoch, CheckpointManifest Manifest) : ITrialCommand;

/// <summary>All steps are trained.</summary>
public sealed record CompleteTrial(long Epoch, int Steps, string WeightsSha256) : ITrialCommand;

/// <summary>Whoever asked for it no longer wants the result.</summary>
public sealed record CancelTrial(string Reason) : ITrialCommand;

/// <summary>Tries again after the machines have been put right.</summary>
public sealed record ForgiveStalls : ITrialCommand;
