using System.Collections.Immutable;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Trials;

namespace GenCluster.Server.ReadModel;

public static partial class Projection
{
    private static ImmutableArray<RowChange> Of(ITrialEvent @event, TrialId id, long at)
    {
        string sweep = id.Sweep.Value;
        long trial = id.Number;
        return @event switch
        {
            TrialCreated { Until: { } until } => [Trial(("until", (long)until))],
            TrialCreated => [],
            LeaseGranted e =>
            [
                Trial(("phase", nameof(TrialPhase.Running)), ("epoch", e.Epoch)),
                Gang(e.Epoch, ("attempt", 1L), ("members", RowJson.Of(e.Members)), ("began_at", at)),
            ],
            GangChanged e =>
            [
                Trial(("epoch", e.Epoch), ("message", e.Message)),
                Gang(e.Epoch - 1, ("ended_at", at), ("cause", CauseOf(e.Cause)), ("end_message", e.Message)),
                Gang(e.Epoch, ("attempt", 0L), ("members", RowJson.Of(e.Members)), ("began_at", at), ("reason", e.Message)),
            ],
            LeaseEnded e =>
            [
                Trial(("phase", nameof(TrialPhase.Pending)), ("message", e.Message)),
                Gang(e.Epoch, ("ended_at", at), ("cause", CauseOf(e.Cause)), ("end_message", e.Message)),
            ],
            MetricsReported e => [.. e.Report.Metrics.Select(m => new RowChange(
                ReadTables.Reports, [sweep, trial, (long)e.Report.Step, m.Name], [("value", Real(m.Value)), ("epoch", e.Epoch), ("reported_at", at)]))],
            CheckpointCommitted e => [Committed(e.Manifest, e.Epoch)],
            TrialConcluded e => [Ended(sweep, id.Number, e.Outcome, at)], // its last gang ended with it
            TrialPaused e =>
            [
                Trial(("phase", nameof(TrialPhase.Pending)), ("waits_at", (long)e.Step), ("message", null)),
                Gang(e.Epoch, ("ended_at", at), ("end_message", $"reached its milestone at step {e.Step}")),
            ],
            TrialContinued e => [Trial(("waits_at", null), ("until", (long?)e.Until))],
            TrialHeld => [Trial(("held", 1L))],
            TrialFreed => [Trial(("held", 0L))],
            TrialStopping e => [Trial(("message", e.Reason))],
            TrialReopened => [Trial(
                ("phase", nameof(TrialPhase.Pending)), ("ended_at", null), ("objective", null), ("steps", null), ("failure", null), ("message", null), ("held", 0L))],
            StallsForgiven or CheckpointPinned or CheckpointReleased => [],
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
        };

        RowChange Trial(params ReadOnlySpan<(string, object?)> set) => new(ReadTables.Trials, [sweep, trial], [.. set]);

        RowChange Gang(long epoch, params ReadOnlySpan<(string, object?)> set) => new(ReadTables.Gangs, [sweep, trial, epoch], [.. set]);

        RowChange Committed(CheckpointManifest manifest, long epoch) => new(ReadTables.Checkpoints, [sweep, trial, (long)manifest.Step],
        [
            ("epoch", epoch), ("committed_at", at), ("blobs", RowJson.Of(manifest.Blobs)), ("bytes", manifest.Blobs.Sum(b => b.Length)),
            ("numerics", manifest.Numerics),
        ]);
    }

    private static string? CauseOf(FailureClass? cause) => cause is { } what ? $"{what}" : null;
}
