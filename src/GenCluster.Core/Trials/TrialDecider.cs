using System.Collections.Immutable;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>The rules of a trial's life, as two pure functions.</summary>
public static partial class TrialDecider
{
    public static Decision<ITrialEvent> Decide(TrialState state, ITrialCommand command) => command switch
    {
        CreateTrial c => Create(state, c),
        _ when state.Definition is null => Refuse(RefusalCode.Unknown, $"trial {state.Trial} does not exist"),
        ReportMetrics c => OfTheLease(state, c.Epoch) ?? Report(state, c),
        CommitCheckpoint c => OfTheLease(state, c.Epoch) ?? Commit(state, c),
        PinCheckpoint c => Pin(state, c),
        ReleaseCheckpoint c => state.Pins.ContainsKey(c.Holder) ? Accept(new CheckpointReleased(c.Holder)) : Nothing,
        CompleteTrial c => IsRepeated(state, c) ? Nothing : OfTheLease(state, c.Epoch) ?? Complete(state, c),
        EndLease c => OfTheLease(state, c.Epoch) ?? End(state, c),
        ChangeGang c => OfTheLease(state, c.Epoch) ?? Change(state, c),
        GrantLease c => Grant(state, c),
        CancelTrial c => state.HasEnded ? Nothing : Conclude(state, TrialPhase.Cancelled, null, c.Reason, c.At),
        ContinueTrial c => state.WaitsAt is { } at && !state.HasEnded && !(c.Until <= at) ? Accept(new TrialContinued(c.Until)) : Nothing,
        HoldTrial => state.HasEnded || state.IsHeld ? Nothing : Accept(new TrialHeld()),
        FreeTrial => state.HasEnded || !state.IsHeld ? Nothing : Accept(new TrialFreed()),
        StopTrial c => Stop(state, c),
        PruneTrial c => state.HasEnded ? Nothing : Prune(state, c),
        ReopenTrial c => state.Outcome is { Phase: TrialPhase.Failed } && c.Round > state.Round ? Accept(new TrialReopened(c.Round)) : Nothing,
        ForgiveStalls => state.HasEnded || state.Stalls.IsEmpty ? Nothing : Accept(new StallsForgiven()),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    public static TrialState Apply(TrialState state, ITrialEvent @event) => @event switch
    {
        TrialCreated e => state with { Definition = e.Definition, Until = e.Until },
        LeaseGranted e => state with { Phase = TrialPhase.Running, Epoch = e.Epoch, Gang = [.. e.Members], CommittedStep = -1, Attempts = state.Attempts + 1, Delay = TimeSpan.Zero, Fence = e.Epoch, GangSince = e.At },
        GangChanged e => AfterLoss(state.WithoutGang(e.At), e.Cause, e.Step, e.Message) with
        {
            GangSince = e.At,
            Epoch = e.Epoch,
            Gang = [.. e.Members],
            Fence = state.Gang is [var leader, ..] && leader == e.Members[0] ? state.Fence : e.Epoch,
            LastCause = e.Cause ?? state.LastCause,
            LastMessage = e.Message,
        },
        LeaseEnded e => After(state.WithoutGang(e.At), e.Cause, e.Worker, e.IsSpared, e.Message) with
        {
            Phase = state.IsHeld ? TrialPhase.Paused : TrialPhase.Pending,
            Restarts = state.Restarts + (e.TakesRestart ? 1 : 0),
            Delay = e.Delay,
            LastCause = e.Cause,
            LastMessage = e.Message,
        },
        MetricsReported e => state with { Reports = state.Reports.SetItem(e.Report.Step, e.Report) },
        CheckpointCommitted e => Committed(state.Forgiven(), e.Manifest),
        CheckpointPinned e => state with { Pins = state.Pins.SetItem(e.Holder, e.Manifest) },
        CheckpointReleased e => state with { Pins = state.Pins.Remove(e.Holder) },
        TrialConcluded e => state with { Phase = e.Outcome.Phase, Gang = [], GangSince = 0, DeviceSeconds = e.Outcome.DeviceSeconds, WaitsAt = null, Outcome = e.Outcome },
        TrialPaused e => state.WithoutGang(e.At) with { Phase = TrialPhase.Paused, WaitsAt = e.Step },
        TrialContinued e => state with { Phase = state.IsHeld ? TrialPhase.Paused : TrialPhase.Pending, WaitsAt = null, Until = e.Until },
        TrialHeld => state with { IsHeld = true, Phase = state.Phase is TrialPhase.Pending ? TrialPhase.Paused : state.Phase },
        TrialFreed => state with { IsHeld = false, Phase = state.Phase is TrialPhase.Paused && state.WaitsAt is null ? TrialPhase.Pending : state.Phase },
        TrialStopping e => state with { StopReason = e.Reason },
        TrialReopened e => state.Forgiven() with { Phase = TrialPhase.Pending, Outcome = null, Round = e.Round, Restarts = 0, Delay = TimeSpan.Zero, StopReason = null, IsHeld = false },
        StallsForgiven => state.Forgiven() with { Delay = TimeSpan.Zero },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };

    private static Decision<ITrialEvent> Create(TrialState state, CreateTrial command)
    {
        if (state.Definition is null)
            return Accept(new TrialCreated(command.Definition, command.Until));
        return state.Definition == command.Definition
            ? Nothing
            : Refuse(RefusalCode.Conflict, $"trial {state.Trial} exists with another definition");
    }

    private static Decision<ITrialEvent> Grant(TrialState state, GrantLease command)
    {
        if (state.Phase is not TrialPhase.Pending)
            return Refuse(RefusalCode.WrongState, $"trial {state.Trial} is {state.Phase}, not Pending");
        if (command.Members.Count == 0)
            return Refuse(RefusalCode.WrongState, $"a gang for trial {state.Trial} has no members");
        return Accept(new LeaseGranted(state.Epoch + 1, [.. command.Members], command.At));
    }

    private static Decision<ITrialEvent> Change(TrialState state, ChangeGang command)
    {
        if (command.Members.Count == 0 || command.Members.Distinct().Count() < command.Members.Count)
            return Refuse(RefusalCode.WrongState, $"a gang for trial {state.Trial} has no members, or one twice");
        if (command.Cause is { } cause)
        {
            var lost = AfterLoss(state, cause, command.Step, command.Message);
            var verdict = FailureBudget.Judge(lost, cause, lost.StallsBy(cause));
            if ((verdict.IsFinal || verdict.TakesRestart) && state.StopReason is { } reason)
                return ConcludeAsItIs(state, reason, command.At);
            if (verdict.IsFinal)
                return Fail(lost, cause, command.Message, command.Worker, command.Step, command.At);
            if (verdict.TakesRestart) // more members fail in the same way: it is for another day to try this again
                return Accept(new LeaseEnded(command.Epoch, cause, command.Message, command.Worker, verdict.Delay, IsSpared: false, TakesRestart: true, command.At));
        }

        return Accept(new GangChanged(state.Epoch + 1, [.. command.Members], command.Cause, command.Message, command.Step, command.At));
    }

    /// <summary>The state with a loss counted: after progress the count starts anew.</summary>
    private static TrialState AfterLoss(TrialState state, FailureClass? cause, int step, string message)
    {
        if (cause is not { } what || what is FailureClass.Preempted)
            return state;
        var before = step > state.LossStep ? state.Forgiven() : state;
        return After(before, what, null, isSpared: false, message) with { LossStep = Math.Max(step, state.LossStep) };
    }

    /// <summary>The state with a failure counted.</summary>
    private static TrialState After(TrialState state, FailureClass cause, WorkerId? worker, bool isSpared, string message)
    {
        if (cause is FailureClass.Preempted)
            return state;
        return state with
        {
            Stalls = isSpared ? state.Stalls : state.Stalls.SetItem(cause, state.StallsBy(cause) + 1),
            FailuresInARow = state.FailuresInARow + 1,
            FirstMessage = state.FailuresInARow == 0 ? message : state.FirstMessage,
            Struck = worker is { } where && !state.Struck.Contains(where) ? state.Struck.Add(where) : state.Struck,
        };
    }

    /// <summary>A value of the objective that is not finite is the end, whatever a scheduler would say of it.</summary>
    private static Decision<ITrialEvent> Report(TrialState state, ReportMetrics command)
    {
        if (state.Reports.ContainsKey(command.Report.Step))
            return Nothing;
        var reported = new MetricsReported(command.Epoch, command.Report);
        var after = Apply(state, reported);
        return after.ObjectiveAt(command.Report.Step) is { } objective && !double.IsFinite(objective)
            ? Decision<ITrialEvent>.Accept(reported, Concluded(after, TrialPhase.Failed, FailureClass.NonFinite, IsNot(state, objective, command.Report.Step), command.At))
            : WithPause(state, reported, command.At);
    }

    private static Decision<ITrialEvent> Commit(TrialState state, CommitCheckpoint command) =>
        command.Manifest.Step <= state.CommittedStep || IsBehindTheFence(state, command.Manifest)
            ? Nothing
            : WithPause(state, new CheckpointCommitted(command.Epoch, command.Manifest), command.At);

    /// <summary>The event, and the pause at the milestone if nothing else is missing.</summary>
    private static Decision<ITrialEvent> WithPause(TrialState state, ITrialEvent @event, long at) => Apply(state, @event) is { IsAtMilestone: true, StopReason: null }
        ? Decision<ITrialEvent>.Accept(@event, new TrialPaused(state.Epoch, state.Until!.Value, at))
        : Accept(@event);

    private static TrialState Committed(TrialState state, CheckpointManifest manifest)
    {
        ImmutableArray<int> milestones = manifest.Step == state.Until
            ? [manifest.Step, .. state.Milestones.Where(step => step < manifest.Step).Take(Retention.NewestMilestones - 1)]
            : state.Milestones;
        return state with
        {
            Checkpoints = Retention.After(state.Checkpoints, manifest, state.ObjectiveAt, state.Definition!.Objective.Goal, milestones),
            CommittedStep = manifest.Step,
            Milestones = milestones,
        };
    }

    private static string IsNot(TrialState state, double objective, int step) =>
        FormattableString.Invariant($"'{state.Definition!.Objective.Metric}' is {objective} at step {step}");

    /// <summary>Its blobs may be gone: others have led since they were put.</summary>
    private static bool IsBehindTheFence(TrialState state, CheckpointManifest manifest) =>
        manifest.Blobs.Any(blob => blob.Space != 0 && blob.Space < state.Fence);

    private static Decision<ITrialEvent> Pin(TrialState state, PinCheckpoint command)
    {
        if (state.Live.FirstOrDefault(manifest => manifest.Step == command.Step) is not { } manifest)
            return Refuse(RefusalCode.Unknown, $"trial {state.Trial} keeps no checkpoint of step {command.Step}; it has {Steps(state)}");
        if (state.Pins.GetValueOrDefault(command.Holder) == manifest)
            return Nothing;
        bool isOneMore = !state.Pins.ContainsKey(command.Holder) && !state.Pins.ContainsValue(manifest);
        return isOneMore && state.Pins.Values.Distinct().Count() >= Retention.MaxPins
            ? Refuse(RefusalCode.Conflict, $"{Retention.MaxPins} checkpoints of trial {state.Trial} are pinned, and no more can be; release one first")
            : Accept(new CheckpointPinned(command.Holder, manifest));
    }

    private static string Steps(TrialState state) => state.Live.IsEmpty ? "none" : string.Join(", ", state.Live.Select(manifest => manifest.Step));

    /// <summary>A refusal unless <paramref name="epoch"/> is that of the lease in force.</summary>
    private static Decision<ITrialEvent>? OfTheLease(TrialState state, long epoch) =>
        state.Phase is TrialPhase.Running && epoch == state.Epoch
            ? null
            : Refuse(RefusalCode.StaleEpoch, $"epoch {epoch} of trial {state.Trial} is over: it is {state.Phase} at epoch {state.Epoch}");

    private static bool IsRepeated(TrialState state, CompleteTrial command) =>
        state.Outcome is { Phase: TrialPhase.Succeeded } outcome && command.Epoch == state.Epoch && command.WeightsSha256 == outcome.WeightsSha256;

    private static Decision<ITrialEvent> Nothing => Decision<ITrialEvent>.Accept();

    private static Decision<ITrialEvent> Accept(ITrialEvent @event) => Decision<ITrialEvent>.Accept(@event);

    private static Decision<ITrialEvent> Refuse(RefusalCode code, string reason) => Decision<ITrialEvent>.Refuse(code, reason);
}
