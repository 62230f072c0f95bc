using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;

namespace GenCluster.Core.Trials;

/// <summary>How a trial ends.</summary>
public static partial class TrialDecider
{
    private static Decision<ITrialEvent> Complete(TrialState state, CompleteTrial command)
    {
        if (state.Objective is not { } objective)
        {
            return state.StopReason is { } reason
                ? Conclude(state, TrialPhase.Cancelled, null, $"{reason}, and nothing was measured yet", command.At)
                : Conclude(state, TrialPhase.Failed, FailureClass.UserError, $"no value of '{state.Definition!.Objective.Metric}' was reported", command.At);
        }

        if (!double.IsFinite(objective))
            return Conclude(state, TrialPhase.Failed, FailureClass.NonFinite, IsNot(state, objective, state.Reports.Keys.Last()), command.At);
        var outcome = Outcome(state, TrialPhase.Succeeded, null, state.StopReason ?? "", command.At);
        return Accept(new TrialConcluded(state.Epoch, outcome with { Steps = command.Steps, WeightsSha256 = command.WeightsSha256 }));
    }

    private static Decision<ITrialEvent> Stop(TrialState state, StopTrial command)
    {
        if (state.HasEnded || state.StopReason is not null)
            return Nothing;
        return state.Phase is TrialPhase.Running ? Accept(new TrialStopping(command.Reason)) : ConcludeAsItIs(state, command.Reason, command.At);
    }

    /// <summary>It is to end and nobody works on it: what is written counts.</summary>
    private static Decision<ITrialEvent> ConcludeAsItIs(TrialState state, string reason, long at) => state.Objective is { } objective && double.IsFinite(objective)
        ? Conclude(state, TrialPhase.Succeeded, null, reason, at)
        : Conclude(state, TrialPhase.Cancelled, null, $"{reason}, and nothing was measured yet", at);

    private static Decision<ITrialEvent> Prune(TrialState state, PruneTrial command)
    {
        var report = state.Reports.GetValueOrDefault(command.Step);
        var outcome = Outcome(state, TrialPhase.Pruned, null, command.Ruling.Reason, command.At);
        return Accept(new TrialConcluded(state.Epoch, outcome with { Steps = command.Step, Objective = state.ObjectiveAt(command.Step), Metrics = report?.Metrics }));
    }

    private static Decision<ITrialEvent> End(TrialState state, EndLease command)
    {
        if (state.StopReason is { } reason)
            return ConcludeAsItIs(state, reason, command.At);
        var cause = command.Cause;
        bool isSpared = FailureBudget.IsSpared(state, cause, command.Worker, command.Elsewhere);
        var verdict = FailureBudget.Judge(state, cause, state.StallsBy(cause) + (isSpared ? 0 : 1));
        return verdict.IsFinal
            ? Fail(After(state, cause, command.Worker, isSpared, command.Message), cause, command.Message, command.Worker, command.Step, command.At)
            : Accept(new LeaseEnded(command.Epoch, cause, command.Message, command.Worker, verdict.Delay, isSpared, verdict.TakesRestart, command.At));
    }

    /// <param name="counted">The state with this failure counted.</param>
    private static Decision<ITrialEvent> Fail(TrialState counted, FailureClass cause, string message, WorkerId? worker, int step, long at)
    {
        string story = counted.FailuresInARow switch
        {
            <= 1 => message,
            2 when counted.FirstMessage == message => $"{message}; and the same again",
            var n when counted.FirstMessage == message => $"{message}; {n} times in a row",
            var n => $"{counted.FirstMessage}; failure {n} in a row was: {message}",
        };
        var outcome = Outcome(counted, TrialPhase.Failed, cause, story, at);
        return Accept(new TrialConcluded(counted.Epoch, outcome with { Worker = worker, FailedAt = step < 0 ? null : step }));
    }

    private static Decision<ITrialEvent> Conclude(TrialState state, TrialPhase phase, FailureClass? failure, string message, long at) =>
        Accept(Concluded(state, phase, failure, message, at));

    private static TrialConcluded Concluded(TrialState state, TrialPhase phase, FailureClass? failure, string message, long at) =>
        new(state.Epoch, Outcome(state, phase, failure, message, at));

    private static TrialOutcome Outcome(TrialState state, TrialPhase phase, FailureClass? failure, string message, long at)
    {
        int steps = state.Checkpoints.IsEmpty ? 0 : state.Checkpoints[0].Step;
        var last = state.Reports.IsEmpty ? null : state.Reports.Values.Last();
        return new TrialOutcome(phase, state.Objective, state.Untrained, steps, "", failure, message, Metrics: last?.Metrics, DeviceSeconds: state.DeviceSecondsAt(at));
    }
}
