using GenCluster.Core.Decisions;

namespace GenCluster.Core.Trials;

/// <summary>The rules of a trial's life, as two pure functions.</summary>
public static class TrialDecider
{
    /// <summary>Two, so that a damaged one costs only the steps since the one before.</summary>
    public const int KeptCheckpoints = 2;

    /// <summary>Hardware failures without progress in between, after which the sweep is halted for a person to look.</summary>
    public const int StallsUntilStuck = 3;

    /// <summary>Losses without progress in between, after which the trial itself is taken to be what kills workers.</summary>
    public const int LossesUntilPoison = 5;

    /// <summary>Out-of-memory failures without progress in between, after which the trial is taken to be too large.</summary>
    public const int MemoryFailuresUntilFailed = 2;

    public static Decision<ITrialEvent> Decide(TrialState state, ITrialCommand command) => command switch
    {
        CreateTrial c => Create(state, c),
        _ when state.Definition is null => Refuse(RefusalCode.Unknown, $"trial {state.Trial} does not exist"),
        ReportMetrics c => OfTheLease(state, c.Epoch) ?? Report(state, c),
        CommitCheckpoint c => OfTheLease(state, c.Epoch) ?? Commit(state, c),
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
        LeaseGranted e => state with { Phase = TrialPhase.Running, Epoch = e.Epoch, Gang = [.. e.Members], CommittedStep = -1, Attempts = state.Attempts + 1 },
        GangChanged e => AfterLoss(state, e.Cause, e.Step) with
        {
            Epoch = e.Epoch,
            Gang = [.. e.Members],
            LastCause = e.Cause ?? state.LastCause,
            LastMessage = e.Message,
        },
        LeaseEnded e => state with
        {
            Phase = TrialPhase.Pending,
            Gang = [],
            Stalls = e.Cause is FailureClass.Preempted ? state.Stalls : state.Stalls.SetItem(e.Cause, state.StallsBy(e.Cause) + 1),
            LastCause = e.Cause,
            LastMessage = e.Message,
        },
        MetricsReported e => state with { Reports = state.Reports.SetItem(e.Report.Step, e.Report) },
        CheckpointCommitted e => state with
        {
            // A run that had to fall back to an older checkpoint makes the newer ones anew.
            Checkpoints = [e.Manifest, .. state.Checkpoints.Where(c => c.Step < e.Manifest.Step).Take(KeptCheckpoints - 1)],
            CommittedStep = e.Manifest.Step,
            Stalls = state.Stalls.Clear(),
        },
        TrialConcluded e => state with { Phase = e.Outcome.Phase, Gang = [], Outcome = e.Outcome },
        StallsForgiven => state with { Stalls = state.Stalls.Clear() },
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
        if (command.Cause is { } cause && IsFinal(cause, AfterLoss(state, cause, command.Step).StallsBy(cause)))
            return Conclude(state, TrialPhase.Failed, cause, command.Message);
        return Accept(new GangChanged(state.Epoch + 1, [.. command.Members], command.Cause, command.Message, command.Step));
    }

    /// <summary>The state with a loss counted: after progress the count starts anew.</summary>
    private static TrialState AfterLoss(TrialState state, FailureClass? cause, int step)
    {
        if (cause is not { } what || what is FailureClass.Preempted)
            return state;
        var stalls = step > state.LossStep ? state.Stalls.Clear() : state.Stalls;
        return state with { Stalls = stalls.SetItem(what, stalls.GetValueOrDefault(what) + 1), LossStep = Math.Max(step, state.LossStep) };
    }

    private static Decision<ITrialEvent> Report(TrialState state, ReportMetrics command) =>
        state.Reports.ContainsKey(command.Report.Step) ? Nothing : Accept(new MetricsReported(command.Epoch, command.Report));

    private static Decision<ITrialEvent> Commit(TrialState state, CommitCheckpoint command) =>
        command.Manifest.Step <= state.CommittedStep ? Nothing : Accept(new CheckpointCommitted(command.Epoch, command.Manifest));

    private static Decision<ITrialEvent> Complete(TrialState state, CompleteTrial command)
    {
        if (state.Objective is not { } objective)
            return Conclude(state, TrialPhase.Failed, FailureClass.UserError, $"no value of '{state.Definition!.Objective.Metric}' was reported");
        if (!double.IsFinite(objective))
            return Conclude(state, TrialPhase.Failed, FailureClass.NonFinite, $"'{state.Definition!.Objective.Metric}' is {objective}");

        var outcome = new TrialOutcome(TrialPhase.Succeeded, objective, state.Untrained, command.Steps, command.WeightsSha256, null, "");
        return Accept(new TrialConcluded(state.Epoch, outcome));
    }

    private static Decision<ITrialEvent> End(TrialState state, EndLease command) =>
        IsFinal(command.Cause, state.StallsBy(command.Cause) + 1)
            ? Conclude(state, TrialPhase.Failed, command.Cause, command.Message)
            : Accept(new LeaseEnded(command.Epoch, command.Cause, command.Message));

    /// <param name="stalls">How often the cause has struck without progress, this time included: each class has a budget of its own.</param>
    private static bool IsFinal(FailureClass cause, int stalls) => cause switch
    {
        FailureClass.UserError or FailureClass.NonFinite => true, // the same would come again
        FailureClass.OutOfMemory => stalls >= MemoryFailuresUntilFailed,
        FailureClass.Lost => stalls >= LossesUntilPoison,
        FailureClass.Hardware or FailureClass.Preempted => false, // never the trial's fault
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "a failure without a rule"),
    };

    private static Decision<ITrialEvent> Conclude(TrialState state, TrialPhase phase, FailureClass? failure, string message)
    {
        int steps = state.Checkpoints.IsEmpty ? 0 : state.Checkpoints[0].Step;
        return Accept(new TrialConcluded(state.Epoch, new TrialOutcome(phase, state.Objective, state.Untrained, steps, "", failure, message)));
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
