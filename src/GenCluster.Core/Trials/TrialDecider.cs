using GenCluster.Core.Checkpoints;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>The rules of a trial's life, as two pure functions.</summary>
public static class TrialDecider
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
        CancelTrial c => state.HasEnded ? Nothing : Conclude(state, TrialPhase.Cancelled, null, c.Reason),
        ForgiveStalls => state.HasEnded || state.Stalls.IsEmpty ? Nothing : Accept(new StallsForgiven()),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    public static TrialState Apply(TrialState state, ITrialEvent @event) => @event switch
    {
        TrialCreated e => state with { Definition = e.Definition },
        LeaseGranted e => state with { Phase = TrialPhase.Running, Epoch = e.Epoch, Gang = [.. e.Members], CommittedStep = -1, Attempts = state.Attempts + 1, Delay = TimeSpan.Zero, Fence = e.Epoch },
        GangChanged e => AfterLoss(state, e.Cause, e.Step, e.Message) with
        {
            Epoch = e.Epoch,
            Gang = [.. e.Members],
            Fence = state.Gang is [var leader, ..] && leader == e.Members[0] ? state.Fence : e.Epoch,
            LastCause = e.Cause ?? state.LastCause,
            LastMessage = e.Message,
        },
        LeaseEnded e => After(state, e.Cause, e.Worker, e.IsSpared, e.Message) with
        {
            Phase = TrialPhase.Pending,
            Gang = [],
            Restarts = state.Restarts + (e.TakesRestart ? 1 : 0),
            Delay = e.Delay,
            LastCause = e.Cause,
            LastMessage = e.Message,
        },
        MetricsReported e => state with { Reports = state.Reports.SetItem(e.Report.Step, e.Report) },
        CheckpointCommitted e => state.Forgiven() with
        {
            Checkpoints = Retention.After(state.Checkpoints, e.Manifest, state.ObjectiveAt, state.Definition!.Objective.Goal),
            CommittedStep = e.Manifest.Step,
        },
        CheckpointPinned e => state with { Pins = state.Pins.SetItem(e.Holder, e.Manifest) },
        CheckpointReleased e => state with { Pins = state.Pins.Remove(e.Holder) },
        TrialConcluded e => state with { Phase = e.Outcome.Phase, Gang = [], Outcome = e.Outcome },
        StallsForgiven => state.Forgiven() with { Delay = TimeSpan.Zero },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };

    private static Decision<ITrialEvent> Create(TrialState state, CreateTrial command)
    {
        if (state.Definition is null)
            return Accept(new TrialCreated(command.Definition));
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
        return Accept(new LeaseGranted(state.Epoch + 1, [.. command.Members]));
    }

    private static Decision<ITrialEvent> Change(TrialState state, ChangeGang command)
    {
        if (command.Members.Count == 0 || command.Members.Distinct().Count() < command.Members.Count)
            return Refuse(RefusalCode.WrongState, $"a gang for trial {state.Trial} has no members, or one twice");
        if (command.Cause is { } cause)
        {
            var lost = AfterLoss(state, cause, command.Step, command.Message);
            var verdict = FailureBudget.Judge(lost, cause, lost.StallsBy(cause));
            if (verdict.IsFinal)
                return Fail(lost, cause, command.Message, command.Worker, command.Step);
            if (verdict.TakesRestart) // more members fail in the same way: it is for another day to try this again
                return Accept(new LeaseEnded(command.Epoch, cause, command.Message, command.Worker, verdict.Delay, IsSpared: false, TakesRestart: true));
        }

        return Accept(new GangChanged(state.Epoch + 1, [.. command.Members], command.Cause, command.Message, command.Step));
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

    private static Decision<ITrialEvent> Report(TrialState state, ReportMetrics command) =>
        state.Reports.ContainsKey(command.Report.Step) ? Nothing : Accept(new MetricsReported(command.Epoch, command.Report));

    private static Decision<ITrialEvent> Commit(TrialState state, CommitCheckpoint command) =>
        command.Manifest.Step <= state.CommittedStep || IsBehindTheFence(state, command.Manifest)
            ? Nothing
            : Accept(new CheckpointCommitted(command.Epoch, command.Manifest));

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

    private static Decision<ITrialEvent> Complete(TrialState state, CompleteTrial command)
    {
        if (state.Objective is not { } objective)
            return Conclude(state, TrialPhase.Failed, FailureClass.UserError, $"no value of '{state.Definition!.Objective.Metric}' was reported");
        if (!double.IsFinite(objective))
            return Conclude(state, TrialPhase.Failed, FailureClass.NonFinite, $"'{state.Definition!.Objective.Metric}' is {objective}");

        var outcome = new TrialOutcome(TrialPhase.Succeeded, objective, state.Untrained, command.Steps, command.WeightsSha256, null, "");
        return Accept(new TrialConcluded(state.Epoch, outcome));
    }

    private static Decision<ITrialEvent> End(TrialState state, EndLease command)
    {
        var cause = command.Cause;
        bool isSpared = FailureBudget.IsSpared(state, cause, command.Worker, command.Elsewhere);
        var verdict = FailureBudget.Judge(state, cause, state.StallsBy(cause) + (isSpared ? 0 : 1));
        return verdict.IsFinal
            ? Fail(After(state, cause, command.Worker, isSpared, command.Message), cause, command.Message, command.Worker, command.Step)
            : Accept(new LeaseEnded(command.Epoch, cause, command.Message, command.Worker, verdict.Delay, isSpared, verdict.TakesRestart));
    }

    /// <param name="counted">The state with this failure counted.</param>
    private static Decision<ITrialEvent> Fail(TrialState counted, FailureClass cause, string message, WorkerId? worker, int step)
    {
        string story = counted.FailuresInARow switch
        {
            <= 1 => message,
            2 when counted.FirstMessage == message => $"{message}; and the same again",
            var n when counted.FirstMessage == message => $"{message}; {n} times in a row",
            var n => $"{counted.FirstMessage}; failure {n} in a row was: {message}",
        };
        var outcome = Outcome(counted, TrialPhase.Failed, cause, story);
        return Accept(new TrialConcluded(counted.Epoch, outcome with { Worker = worker, FailedAt = step < 0 ? null : step }));
    }

    private static Decision<ITrialEvent> Conclude(TrialState state, TrialPhase phase, FailureClass? failure, string message) =>
        Accept(new TrialConcluded(state.Epoch, Outcome(state, phase, failure, message)));

    private static TrialOutcome Outcome(TrialState state, TrialPhase phase, FailureClass? failure, string message)
    {
        int steps = state.Checkpoints.IsEmpty ? 0 : state.Checkpoints[0].Step;
        return new TrialOutcome(phase, state.Objective, state.Untrained, steps, "", failure, message);
    }

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
