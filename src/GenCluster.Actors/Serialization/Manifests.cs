using System.Collections.Frozen;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Coordination;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Serialization;

/// <summary>
/// The closed set of types that are written to a wire or a journal, each with its manifest: a name and a version. These
/// are on-disk format. A manifest is never changed or used again; a change of meaning is a new version beside the old.
/// </summary>
public static class Manifests
{
    private static readonly (string Manifest, Type Type)[] Table =
    [
        ("worker-hello/1", typeof(FromWorker.Hello)),
        ("worker-heartbeat/1", typeof(FromWorker.Heartbeat)),
        ("worker-goodbye/1", typeof(FromWorker.Goodbye)),
        ("run-started/1", typeof(FromWorker.RunStarted)),
        ("run-progressed/1", typeof(FromWorker.RunProgressed)),
        ("run-pictured/1", typeof(FromWorker.RunPictured)),
        ("run-warned/1", typeof(FromWorker.RunWarned)),
        ("evaluation-reported/1", typeof(FromWorker.EvaluationReported)),
        ("checkpoint-stored/1", typeof(FromWorker.CheckpointStored)),
        ("run-ended/1", typeof(FromWorker.RunEnded)),
        ("gang-broke/1", typeof(FromWorker.GangBroke)),
        ("joiner-ready/1", typeof(FromWorker.JoinerReady)),
        ("member-measured/1", typeof(FromWorker.MemberMeasured)),

        ("welcome/1", typeof(ToWorker.Welcome)),
        ("rejected/1", typeof(ToWorker.Rejected)),
        ("heartbeat-ack/1", typeof(ToWorker.HeartbeatAck)),
        ("run-trial/1", typeof(ToWorker.RunTrial)),
        ("stop-run/1", typeof(ToWorker.StopRun)),
        ("report-accepted/1", typeof(ToWorker.ReportAccepted)),
        ("checkpoint-accepted/1", typeof(ToWorker.CheckpointAccepted)),
        ("outcome-accepted/1", typeof(ToWorker.OutcomeAccepted)),
        ("lease-over/1", typeof(ToWorker.LeaseOver)),

        ("hail/1", typeof(FromFace.Hail)),
        ("submit/1", typeof(FromFace.Submit)),
        ("control/1", typeof(FromFace.Control)),
        ("edit/1", typeof(FromFace.Edit)),
        ("explain/1", typeof(FromFace.Explain)),
        ("drain-all/1", typeof(FromFace.DrainAll)),

        ("ruling/1", typeof(ToFace.Ruling)),
        ("submitted/1", typeof(ToFace.Submitted)),
        ("controlled/1", typeof(ToFace.Controlled)),
        ("edited/1", typeof(ToFace.Edited)),
        ("explained/1", typeof(ToFace.Explained)),
        ("drained/1", typeof(ToFace.Drained)),

        ("put-blob-piece/1", typeof(ToShelf.PutPiece)),
        ("get-blob-piece/1", typeof(ToShelf.GetPiece)),
        ("list-blobs/1", typeof(ToShelf.List)),
        ("remove-blob/1", typeof(ToShelf.Remove)),
        ("blob-piece-stored/1", typeof(FromShelf.PieceStored)),
        ("begin-blob-again/1", typeof(FromShelf.BeginAgain)),
        ("blob-piece/1", typeof(FromShelf.Piece)),
        ("blob-missing/1", typeof(FromShelf.Missing)),
        ("blob-page/1", typeof(FromShelf.Page)),
        ("blob-removed/1", typeof(FromShelf.Removed)),
        ("blob-refused/1", typeof(FromShelf.Refused)),

        ("shelf-blob-begun/1", typeof(BlobBegun)),
        ("shelf-blob-completed/1", typeof(BlobCompleted)),
        ("shelf-blob-removed/1", typeof(BlobRemoved)),
        ("shelf-blob-piece/1", typeof(BlobPiece)),

        ("coordinator-started/1", typeof(CoordinatorStarted)),
        ("sweep-registered/1", typeof(SweepRegistered)),

        ("sweep-submitted/1", typeof(SweepSubmitted)),
        ("trial-proposed/1", typeof(TrialProposed)),
        ("search-exhausted/1", typeof(SearchExhausted)),
        ("trial-reported/1", typeof(TrialReported)),
        ("trial-judged/1", typeof(TrialJudged)),
        ("trial-arrived/1", typeof(TrialArrived)),
        ("trial-moved/1", typeof(TrialMoved)),
        ("trial-inherited/1", typeof(TrialInherited)),
        ("trial-weaned/1", typeof(TrialWeaned)),
        ("evidence-taken/1", typeof(EvidenceTaken)),
        ("trial-ended/1", typeof(TrialEnded)),
        ("target-reached/1", typeof(TargetReached)),
        ("sweep-controlled/1", typeof(SweepControlled)),
        ("sweep-edited/1", typeof(SweepEdited)),
        ("sweep-halted/1", typeof(SweepHalted)),
        ("sweep-resumed/1", typeof(SweepResumed)),
        ("sweep-ended/1", typeof(SweepEnded)),

        ("trial-created/1", typeof(TrialCreated)),
        ("lease-granted/1", typeof(LeaseGranted)),
        ("gang-changed/1", typeof(GangChanged)),
        ("lease-ended/1", typeof(LeaseEnded)),
        ("trial-paused/1", typeof(TrialPaused)),
        ("trial-continued/1", typeof(TrialContinued)),
        ("trial-held/1", typeof(TrialHeld)),
        ("trial-freed/1", typeof(TrialFreed)),
        ("trial-stopping/1", typeof(TrialStopping)),
        ("trial-reopened/1", typeof(TrialReopened)),
        ("metrics-reported/1", typeof(MetricsReported)),
        ("checkpoint-committed/1", typeof(CheckpointCommitted)),
        ("checkpoint-pinned/1", typeof(CheckpointPinned)),
        ("checkpoint-released/1", typeof(CheckpointReleased)),
        ("trial-concluded/1", typeof(TrialConcluded)),
        ("stalls-forgiven/1", typeof(StallsForgiven)),
    ];

    private static readonly FrozenDictionary<string, Type> TypeOf = Table.ToFrozenDictionary(e => e.Manifest, e => e.Type, StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, string> ManifestOf = Table.ToFrozenDictionary(e => e.Type, e => e.Manifest);

    /// <summary>The marker interfaces that the serializer is bound to.</summary>
    public static IReadOnlyList<Type> Markers { get; } = [typeof(IWire), typeof(ICoordinatorEvent), typeof(ISweepEvent), typeof(ITrialEvent), typeof(IShelfRecord)];

    public static IReadOnlyList<(string Manifest, Type Type)> All => Table;

    /// <summary>The type of a manifest, or null when it is not one of ours.</summary>
    public static Type? Find(string manifest) => TypeOf.GetValueOrDefault(manifest);

    /// <summary>The manifest of a type, or null when it is not one of ours.</summary>
    public static string? Find(Type type) => ManifestOf.GetValueOrDefault(type);
}
