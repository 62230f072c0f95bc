using System.Collections.Immutable;
using GenCluster.Core.Decisions;
using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>
/// The rules of a sweep's life, as pure functions. What an algorithm proposes or rules is in the commands: it is asked
/// before the decision, and never again.
/// </summary>
public static partial class SweepDecider
{
    public static Decision<ISweepEvent> Decide(SweepState state, ISweepCommand command) => command switch
    {
        SubmitSweep c => Submit(state, c),
        _ when !state.Exists => Decision<ISweepEvent>.Refuse(RefusalCode.Unknown, $"sweep {state.Sweep} does not exist"),
        TakeProposals c => Take(state, c),
        ExhaustSearch => Wanted(state) == 0 ? Nothing : WithEnd(state, new SearchExhausted()),
        RecordReport c => OfATrial(state, c.Number) ?? Report(state, state.Trials[c.Number], c),
        RecordArrival c => OfATrial(state, c.Number) ?? Arrive(state.Trials[c.Number], c),
        TakeMoves c => Take(state, c),
        PruneLeftovers => Leftovers(state),
        RecordOrigin c => OfATrial(state, c.Number) ?? Originate(state.Trials[c.Number], c),
        WeanTrial c => OfATrial(state, c.Number) ?? (state.Trials[c.Number].HoldsParent ? Accept(new TrialWeaned(c.Number)) : Nothing),
        TakeEvidence c => state.Evidence is null && state.Spec!.WarmStart is not null ? Accept(c.Evidence) : Nothing,
        RecordOutcome c => OfATrial(state, c.Number) ?? Record(state, state.Trials[c.Number], c),
        CheckBudget c => CheckTime(state, c),
        ControlSweep { Trial: { } number } c => OfATrial(state, number) ?? Control(state, state.Trials[number], c),
        ControlSweep c => Control(state, c),
        EditSweep c => Edit(state, c),
        HaltSweep c => state.HasEnded || state.Phase is SweepPhase.Halted ? Nothing : Accept(new SweepHalted(c.Reason)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    public static SweepState Apply(SweepState state, ISweepEvent @event) => @event switch
    {
        SweepSubmitted e => state with { Spec = e.Spec, Versions = [e.Spec], SubmittedAt = e.At },
        SweepEdited e => state with { Spec = e.Spec, Versions = state.Versions.Add(e.Spec), IsExhausted = false },
        TrialProposed e => Begun(state, new TrialRecord(e.Number, e.Assignment, null) { Until = e.Until, Origin = state.Evidence?.Origin }) with { Proposed = state.Proposed + 1 },
        SearchExhausted => state with { IsExhausted = true },
        TrialReported e => state.With(state.Trials[e.Number] with { Reported = e.Report }) with
        {
            Reports = state.Reports.Add(new TrialReport(e.Number, e.Report)),
            Heard = state.Heard.Add((e.Number, e.Report.Step)),
        },
        TrialJudged e => state.With(state.Trials[e.Number] with { Ruling = e.Ruling, EndsAt = state.Trials[e.Number].Reported!.Step }),
        TrialArrived e => state.With(state.Trials[e.Number] with { WaitsAt = e.Step }),
        TrialMoved e => Moved(state, e),
        TrialInherited { Origin: null } e => state.With(state.Trials[e.Number] with { Parent = null, ParentStep = null, AwaitsOrigin = false, HoldsParent = false }),
        TrialInherited e => state.With(state.Trials[e.Number] with { Origin = e.Origin, AwaitsOrigin = false, HoldsParent = true }),
        TrialWeaned e => state.With(state.Trials[e.Number] with { HoldsParent = false }),
        EvidenceTaken e => state with { Evidence = e },
        TrialEnded e => Ended(state, e),
        TargetReached e => Reached(state, e),
        SweepControlled e => Controlled(state, e),
        SweepHalted e => state with { Phase = SweepPhase.Halted, HaltReason = e.Reason, HaltedFrom = state.Phase },
        SweepResumed => state with { Phase = state.HaltedFrom, HaltReason = null },
        SweepEnded e => state with { Phase = e.Phase, HaltReason = null, EndReason = e.Reason is { Length: > 0 } reason ? reason : state.EndReason },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
    };

    /// <summary>How many configurations to ask the search for now.</summary>
    public static int Wanted(SweepState state) =>
        state is { Spec: { } spec, Phase: SweepPhase.Running, IsExhausted: false } && (spec.WarmStart is null || state.Evidence is not null)
            ? Math.Max(0, Math.Min(spec.Search.MaxTrials - state.Proposed, state.Free))
            : 0;

    private static Decision<ISweepEvent> Submit(SweepState state, SubmitSweep command)
    {
        if (!state.Exists)
            return Accept(new SweepSubmitted(state.Sweep, command.Spec, command.At, command.By));
        if (!state.Versions.Contains(command.Spec)) // whoever submits the file again need not know that it was edited since
            return Decision<ISweepEvent>.Refuse(RefusalCode.Conflict, $"a sweep named '{state.Sweep}' exists and its file said something else");
        return state.Phase is SweepPhase.Halted ? Accept(new SweepResumed(command.By, state.HaltedFrom)) : Nothing;
    }

    private static Decision<ISweepEvent>? OfATrial(SweepState state, int number) => state.Trials.ContainsKey(number)
        ? null
        : Decision<ISweepEvent>.Refuse(RefusalCode.Unknown, $"sweep {state.Sweep} has no trial {number}");

    private static SweepState Begun(SweepState state, TrialRecord trial) => state with
    {
        Trials = state.Trials.Add(trial.Number, trial with { Version = state.Version }),
        LiveNumbers = state.LiveNumbers.Add(trial.Number),
    };

    /// <summary>The event, and the end of the sweep if that follows from it.</summary>
    private static Decision<ISweepEvent> WithEnd(SweepState state, ISweepEvent @event) =>
        End(Apply(state, @event)) is { } end ? Accept(@event, end) : Accept(@event);

    private static Decision<ISweepEvent> Nothing => Decision<ISweepEvent>.Accept();

    private static Decision<ISweepEvent> Accept(params ReadOnlySpan<ISweepEvent> events) => Decision<ISweepEvent>.Accept(events);

    private static Decision<ISweepEvent> Refuse(string reason) => Decision<ISweepEvent>.Refuse(RefusalCode.WrongState, reason);
}
