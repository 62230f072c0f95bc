using GenCluster.Core.Decisions;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>What people may ask of a sweep and its trials. What is so already is granted, so that it may be asked again.</summary>
public static partial class SweepDecider
{
    private static Decision<ISweepEvent> Control(SweepState state, ControlSweep command) => (command.Verb, state.Phase) switch
    {
        (Verb.Stop or Verb.Cancel, _) when state.HasEnded => Nothing,
        (Verb.Retry, SweepPhase.Cancelled) => Refuse($"sweep {state.Sweep} was cancelled; submit it under another name"),
        (Verb.Retry, not SweepPhase.Halted) => state.Failed == 0 ? Nothing : Accept(Said(command, PhaseOfRetry(state))),
        (_, _) when state.HasEnded => Refuse($"sweep {state.Sweep} has ended ({state.Phase})"),
        (Verb.Cancel, _) => Accept(Said(command, SweepPhase.Stopping), new SweepEnded(SweepPhase.Cancelled, $"cancelled by {command.By}")),
        (Verb.Resume, SweepPhase.Halted) => Accept(new SweepResumed(command.By, state.HaltedFrom)),
        (_, SweepPhase.Halted) => Refuse($"sweep {state.Sweep} is halted ({state.HaltReason}); resume it first, or cancel it"),
        (Verb.Pause, SweepPhase.Paused) or (Verb.Resume, SweepPhase.Running) or (Verb.Stop, SweepPhase.Stopping) => Nothing,
        (Verb.Pause or Verb.Resume, SweepPhase.Stopping) => Refuse($"sweep {state.Sweep} is stopping and begins no new trials"),
        (Verb.Pause, _) => Accept(Said(command, SweepPhase.Paused)),
        (Verb.Resume, _) => Accept(Said(command, SweepPhase.Running)),
        (Verb.Stop, _) => WithEnd(state, Said(command, SweepPhase.Stopping)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a verb without a rule"),
    };

    private static Decision<ISweepEvent> Control(SweepState state, TrialRecord trial, ControlSweep command) => command.Verb switch
    {
        Verb.Retry when trial.Outcome is { Phase: TrialPhase.Failed } => state.Phase is SweepPhase.Cancelled or SweepPhase.Halted
            ? Refuse($"sweep {state.Sweep} is {state.Phase}, and begins no trial again")
            : Accept(Said(command, PhaseOfRetry(state))),
        Verb.Retry when trial.IsLive => Nothing,
        Verb.Retry => Refuse($"trial {trial.Number} of sweep {state.Sweep} has not failed: it is {trial.Outcome!.Phase}"),
        Verb.Stop or Verb.Cancel when !trial.IsLive || trial.Asked == command.Verb || trial.Asked is Verb.Cancel || trial.Ruling is not null || state.HasEnded => Nothing,
        Verb.Stop or Verb.Cancel => Accept(Said(command, Going(state))),
        _ when !trial.IsLive || trial.Ruling is not null || trial.Asked is not null || state.HasEnded =>
            Refuse($"trial {trial.Number} of sweep {state.Sweep} has ended, or is about to"),
        Verb.Pause => trial.IsHeld ? Nothing : Accept(Said(command, Going(state))),
        Verb.Resume => trial.IsHeld ? Accept(Said(command, Going(state))) : Nothing,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a verb without a rule"),
    };

    private static SweepControlled Said(ControlSweep command, SweepPhase phase) => new(command.Verb, command.Trial, command.By, phase);

    /// <summary>What the sweep is, or will be once it is halted no more.</summary>
    private static SweepPhase Going(SweepState state) => state.Phase is SweepPhase.Halted ? state.HaltedFrom : state.Phase;

    private static SweepPhase PhaseOfRetry(SweepState state) => !state.HasEnded ? state.Phase : state.WasStopped ? SweepPhase.Stopping : SweepPhase.Running;

    private static SweepState Controlled(SweepState state, SweepControlled @event)
    {
        if (@event.Trial is { } number)
            return Controlled(state, state.Trials[number], @event);
        var next = state with { Phase = @event.Phase };
        return @event.Verb switch
        {
            Verb.Pause or Verb.Resume => next,
            Verb.Stop => next with { WasStopped = true, EndReason = $"stopped by {@event.By}" },
            Verb.Cancel => next with { WasStopped = true }, // the end comes with it
            Verb.Retry => state.Trials.Values.Where(t => t.Outcome?.Phase is TrialPhase.Failed).Aggregate(next, Reopened),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "a verb without a rule"),
        };
    }

    private static SweepState Controlled(SweepState state, TrialRecord trial, SweepControlled @event) => @event.Verb switch
    {
        Verb.Pause => state.With(trial with { IsHeld = true }),
        Verb.Resume => state.With(trial with { IsHeld = false }),
        Verb.Stop or Verb.Cancel => state.With(trial with { Asked = @event.Verb, IsHeld = false }),
        Verb.Retry => Reopened(state with { Phase = @event.Phase }, trial),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "a verb without a rule"),
    };

    /// <summary>A failed trial is begun again, and with it a sweep that had ended.</summary>
    private static SweepState Reopened(SweepState state, TrialRecord trial) =>
        state.With(trial with { Outcome = null, Round = trial.Round + 1, Asked = null, IsHeld = false, AwaitsOrigin = trial.Parent is not null && trial.Origin is null }) with
        {
            LiveNumbers = state.LiveNumbers.Add(trial.Number),
            Failed = state.Failed - 1,
            EndReason = state.WasStopped ? state.EndReason : null,
        };

    private static Decision<ISweepEvent> Edit(SweepState state, EditSweep command)
    {
        if (command.Spec == state.Spec && command.Version >= state.Version - 1)
            return Nothing; // said again
        if (state.HasEnded)
            return Refuse($"sweep {state.Sweep} has ended ({state.Phase}) and cannot be changed; submit another one, with warmStart to go on from what it learned");
        if (command.Version != state.Version)
        {
            return Decision<ISweepEvent>.Refuse(
                RefusalCode.Conflict, $"sweep {state.Sweep} is at version {state.Version}, and the change is of version {command.Version}; look at the newest one and change that");
        }

        return FixedMember(state.Spec!, command.Spec) is { } member
            ? Decision<ISweepEvent>.Refuse(RefusalCode.Conflict, $"{member} of a sweep cannot be changed, for its trials could not be compared any more; submit another sweep")
            : WithEnd(state, new SweepEdited(state.Version + 1, command.Spec, command.By));
    }

    /// <summary>The first member that differs and may not; null when all that differs may.</summary>
    private static string? FixedMember(SweepSpec before, SweepSpec after)
    {
        (string Name, bool IsSame)[] members =
        [
            ("the name", before.Name == after.Name),
            ("trainable", before.Trainable == after.Trainable),
            ("data", before.Data == after.Data),
            ("training", before.Training == after.Training),
            ("evaluation", before.Evaluation == after.Evaluation),
            ("objective", before.Objective with { Target = null } == after.Objective with { Target = null }),
            ("the further objectives", before.Comparison.Others.Select(o => o with { Target = null }).SequenceEqual(after.Comparison.Others.Select(o => o with { Target = null }))),
            ("warmStart", before.WarmStart == after.WarmStart),
        ];
        return members.FirstOrDefault(m => !m.IsSame).Name;
    }
}
