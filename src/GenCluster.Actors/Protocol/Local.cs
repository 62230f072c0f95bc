using Akka.Actor;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Protocol;

/// <summary>A message that never leaves the coordinator's process.</summary>
public interface ILocal : INoSerializationVerificationNeeded;

/// <summary>What the coordinator, its sweeps and their trials say to each other.</summary>
internal static class Local
{
    /// <summary>Sends views of the sweep to <paramref name="Watcher"/> from now on.</summary>
    internal sealed record Watch(SweepId Sweep, IActorRef Watcher) : ILocal;

    internal sealed record WorkersChanged(IReadOnlyList<WorkerView> Workers) : ILocal;

    // Between a trial and the coordinator's ledger.
    internal sealed record RequestGang(GangRequest Request) : ILocal;

    internal sealed record ReleaseGang(TrialId Trial) : ILocal;

    /// <summary>The trial has a gang, and what it may be from now on.</summary>
    internal sealed record HoldGang(GangRequest Wish) : ILocal;

    /// <summary>One worker is no longer of the gang.</summary>
    /// <param name="Unfit">Its run failed, or nobody reaches it: it is not to join again.</param>
    internal sealed record ReleaseMember(TrialId Trial, WorkerId Worker, bool Unfit) : ILocal;

    /// <summary>A peer says that this worker cannot be reached.</summary>
    internal sealed record MemberBlamed(WorkerId Worker) : ILocal;

    /// <summary>An attempt at the trial failed on this worker.</summary>
    internal sealed record MemberFailed(TrialId Trial, WorkerId Worker, FailureClass Cause) : ILocal;

    /// <summary>The trial made progress that is kept, with these workers.</summary>
    internal sealed record MembersServed(TrialId Trial, IReadOnlyList<WorkerId> Workers) : ILocal;

    /// <summary>The trial has come to its end, and what it failed on is of no interest any more.</summary>
    internal sealed record TrialIsOver(TrialId Trial) : ILocal;

    /// <summary>These workers are to be given back. Answered by <see cref="Sparing"/>, now and whenever it changes.</summary>
    internal sealed record SpareWorkers(IReadOnlyCollection<WorkerId> Workers) : ILocal;

    /// <summary>Workers that are on their way out of the gang.</summary>
    internal sealed record Sparing(TrialId Trial, IReadOnlyCollection<WorkerId> Workers) : ILocal;

    /// <summary>The gang is to stop after a checkpoint and give all its workers back; the trial waits anew.</summary>
    internal sealed record Preempt(string Reason) : ILocal;

    /// <summary>Why the trial has no gang yet.</summary>
    internal sealed record GangAwaited(string Reason) : ILocal;

    internal sealed record PlacedMember(WorkerId Worker, IActorRef Ref, string Host, int Port);

    /// <param name="Others">Workers beside these that are fit for work.</param>
    internal sealed record GangPlaced(TrialId Trial, IReadOnlyList<PlacedMember> Members, int Others = 0) : ILocal;

    /// <summary>Workers that join the gang.</summary>
    internal sealed record GangGrown(IReadOnlyList<PlacedMember> Joiners) : ILocal;

    /// <summary>A worker said hello: is it one of the gang, and what lease does it hold?</summary>
    internal sealed record WorkerSeen(PlacedMember Worker, Lease? Held) : ILocal;

    /// <summary>What the worker said it holds is over, or was never so: it is free, unless it has been placed since.</summary>
    internal sealed record ClaimIsOver(TrialId Trial, WorkerId Worker) : ILocal;

    internal sealed record WorkerLost(WorkerId Worker, FailureClass Cause, string Reason) : ILocal;

    /// <summary>What lease a worker holds, by its heartbeat: of one that is placed on the trial, or thinks so.</summary>
    internal sealed record MemberHolds(WorkerId Worker, IActorRef Ref, Lease? Held) : ILocal;

    /// <summary>A worker leaves as soon as it can; until then its lease counts.</summary>
    internal sealed record MemberLeaves(WorkerId Worker, string Reason) : ILocal;

    /// <summary>Relieve the gang of its run, after a checkpoint, and ask for no other.</summary>
    internal sealed record DrainTrial(string Reason) : ILocal;

    // Between a sweep and its trials.
    /// <summary>Be, and be so: said again whenever something of it has changed.</summary>
    /// <param name="Until">The milestone to train to; null: to the end.</param>
    /// <param name="Round">How often it is to have been begun again after it had failed.</param>
    internal sealed record Begin(TrialDefinition Definition, int? Until = null, int Round = 0, bool IsHeld = false) : ILocal;

    internal sealed record Cancel(string Reason) : ILocal;

    /// <summary>End as soon as what is reached is stored.</summary>
    internal sealed record Stop(string Reason) : ILocal;

    /// <summary>End now, with what was reported at this step.</summary>
    internal sealed record Prune(int Step, Ruling Ruling) : ILocal;

    /// <summary>An evaluation is written. Answered by <see cref="ReportHeard"/>, after a <see cref="Prune"/> if that follows.</summary>
    internal sealed record TrialReports(int Number, MetricReport Report) : ILocal;

    internal sealed record ReportHeard(int Step) : ILocal;

    /// <summary>End, when all that was said before is done: the trial is over, and nobody needs its actor.</summary>
    internal sealed record Retire : ILocal
    {
        public static readonly Retire Instance = new();
    }

    /// <summary>The trial is stored at its milestone and has given its workers back.</summary>
    internal sealed record TrialWaits(int Number, int Step) : ILocal;

    /// <summary>Keep a checkpoint. Answered by <see cref="Pinned"/>.</summary>
    /// <param name="Step">Null: the newest.</param>
    internal sealed record Pin(string Holder, int? Step) : ILocal;

    /// <param name="Manifest">Null: it cannot be kept, for this reason.</param>
    internal sealed record Pinned(string Holder, TrialId Trial, CheckpointManifest? Manifest, string Refusal) : ILocal;

    /// <summary>The checkpoint need not be kept for this holder. Answered by <see cref="Released"/>.</summary>
    internal sealed record Release(string Holder) : ILocal;

    internal sealed record Released(string Holder) : ILocal;

    /// <summary>A trial that began from another one's checkpoint has one of its own.</summary>
    internal sealed record OriginIsDone(int Number) : ILocal;

    // Between sweeps.

    /// <summary>What do you know that would help this sweep? Answered by <see cref="EvidenceGiven"/>.</summary>
    internal sealed record AskEvidence(SweepId From, SweepSpec For) : ILocal;

    /// <param name="Best">Whose weights to begin with; null: nobody's.</param>
    internal sealed record EvidenceGiven(EvidenceTaken Evidence, TrialId? Best) : ILocal;

    /// <summary>A message for a trial of whatever sweep.</summary>
    internal sealed record ToTrial(TrialId Trial, object Message) : ILocal;

    internal sealed record Forgive : ILocal;

    internal sealed record TrialChanged(TrialView View) : ILocal;

    internal sealed record TrialHasEnded(int Number, TrialOutcome Outcome, int Round = 0) : ILocal;

    internal sealed record TrialIsStuck(int Number, string Reason) : ILocal;

    internal sealed record TrialPictured(LabelledPicture Picture) : ILocal;

    internal sealed record Notice(string Message) : ILocal;
}
