using GenCluster.Core.Decisions;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>The rules of a sweep's life, as pure functions.</summary>
public static class SweepDecider
{
    public static Decision<ISweepEvent> Decide(SweepState state, ISweepCommand command) => command switch
    {
        SubmitSweep c => Submit(state, c.Spec),
        _ when !state.Exists => Decision<ISweepEvent>.Refuse(RefusalCode.Unknown, $"sweep {state.Sweep} does not exist"),
        TakeProposals c => Take(state, c),
        RecordOutcome c => Record(state, c),
        HaltSweep c => state.Phase is SweepPhase.Running ? Accept(new SweepHalted(c.Reason)) : Accept(),
        ControlSweep c => Decision<ISweepEvent>.Refuse(RefusalCode.WrongState, $"sweep {state.Sweep} cannot {c.Verb} yet"),
        EditSweep => Decision<ISweepEvent>.Refuse(RefusalCode.WrongState, $"sweep {state.Sweep} cannot be changed yet"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    public static SweepState Apply(SweepState state, ISweepEvent @event) => @event switch
    {
        SweepSubmitted e => state with { Spec = e.Spec },
        TrialProposed e => state with { Trials = state.Trials.Add(e.Number, new TrialRecord(e.Number, e.Assignment, null)) },
        TrialEnded e => state with { Trials = state.Trials.SetItem(e.Number, state.Trials[e.Number] with { Outcome = e.Outcome }) },
        SweepHalted e => state with { Phase = SweepPhase.Halted, HaltReason = e.Reason },
        SweepResumed => state with { Phase = SweepPhase.Running, HaltReason = null },
        SweepEnded e => state with { Phase = e.Phase, HaltReason = null },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };

    /// <summary>How many configurations to ask the search for now.</summary>
    public static int Wanted(SweepState state) => state is { Spec: { } spec, Phase: SweepPhase.Running }
        ? Math.Max(0, Math.Min(spec.Search.MaxTrials - state.Trials.Count, spec.Search.ParallelTrials - state.Live.Count()))
        : 0;

    private static Decision<ISweepEvent> Submit(SweepState state, SweepSpec spec)
    {
        if (!state.Exists)
            return Accept(new SweepSubmitted(state.Sweep, spec));
        if (state.Spec != spec)
            return Decision<ISweepEvent>.Refuse(RefusalCode.Conflict, $"a sweep named '{state.Sweep}' exists and its file said something else");
        return state.Phase is SweepPhase.Halted ? Accept(new SweepResumed()) : Accept();
    }

    private static Decision<ISweepEvent> Take(SweepState state, TakeProposals command)
    {
        // Only as many as are wanted, and only the next numbers without a gap: a repeated or late answer of the search
        // changes nothing.
        int next = state.Trials.Count + 1;
        var taken = command.Proposals.Where(p => p.Number >= next).OrderBy(p => p.Number)
            .TakeWhile((p, i) => p.Number == next + i).Take(Wanted(state));
        return Accept([.. taken.Select(p => new TrialProposed(p.Number, p.Assignment))]);
    }

    private static Decision<ISweepEvent> Record(SweepState state, RecordOutcome command)
    {
        if (!state.Trials.TryGetValue(command.Number, out var trial))
            return Decision<ISweepEvent>.Refuse(RefusalCode.Unknown, $"sweep {state.Sweep} has no trial {command.Number}");
        if (trial.Outcome is not null)
            return Accept();

        var ended = new TrialEnded(command.Number, command.Outcome);
        return End(Apply(state, ended)) is { } end ? Accept(ended, end) : Accept(ended);
    }

    private static SweepEnded? End(SweepState state)
    {
        if (state.HasEnded)
            return null;
        if (state.Failed > state.Spec!.Budget.MaxFailedTrials)
            return new SweepEnded(SweepPhase.Failed);
        if (state.Trials.Count < state.Spec.Search.MaxTrials || state.Live.Any())
            return null;
        bool any = state.Trials.Values.Any(t => t.Outcome?.Phase is TrialPhase.Succeeded);
        return new SweepEnded(any ? SweepPhase.Succeeded : SweepPhase.Failed);
    }

    private static Decision<ISweepEvent> Accept(params ReadOnlySpan<ISweepEvent> events) => Decision<ISweepEvent>.Accept(events);
}
