using System.Collections.Immutable;
using GenCluster.Core.Decisions;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>What becomes of trials, by what they report and what algorithms say.</summary>
public static partial class SweepDecider
{
    private const string NotPromoted = "not promoted: nothing is left that could move it";

    private static Decision<ISweepEvent> Take(SweepState state, TakeProposals command)
    {
        // Only as many as are wanted, and only the next numbers without a gap: a repeated or late answer of the search
        // changes nothing.
        int next = state.Trials.Count + 1;
        var taken = command.Proposals.Select((p, i) => (Proposal: p, Until: command.Milestones?[i]))
            .Where(p => p.Proposal.Number >= next).OrderBy(p => p.Proposal.Number)
            .TakeWhile((p, i) => p.Proposal.Number == next + i).Take(Wanted(state));
        return Accept([.. taken.Select(p => new TrialProposed(p.Proposal.Number, p.Proposal.Assignment, state.Spec!.Training.MilestoneFrom(p.Until)))]);
    }

    /// <summary>A report counts once, and only as long as nothing is decided about its trial.</summary>
    private static Decision<ISweepEvent> Report(SweepState state, TrialRecord trial, RecordReport command)
    {
        // One that is told again from before reports were judged would come after newer ones.
        bool isLate = trial.Reported is { } newest && command.Report.Step <= newest.Step;
        if (!state.Spec!.JudgesReports || !trial.IsLive || trial.Ruling is not null || isLate || state.Heard.Contains((trial.Number, command.Report.Step)))
            return Nothing;
        var reported = new TrialReported(trial.Number, command.Report);
        if (state.HasEnded)
            return Accept(reported);
        if (trial.Asked is null && !state.WasStopped && TargetOf(state.Spec, command.Report) is { } reached)
            return Accept(reported, new TargetReached(trial.Number, $"trial {trial.Number} reached the target at step {command.Report.Step}: {reached}"));
        return command.Ruling is { } ruling ? Accept(reported, new TrialJudged(trial.Number, ruling)) : Accept(reported);
    }

    /// <summary>What of a report is as good as was wanted; null when something is not, or nothing was wanted.</summary>
    private static string? TargetOf(SweepSpec spec, MetricReport report)
    {
        ObjectiveSpec[] wanted = [.. ((ObjectiveSpec[])[spec.Objective, .. spec.Comparison.Others]).Where(o => o.Target is not null)];
        bool reached = wanted.Length > 0
            && Array.TrueForAll(wanted, o => report.Find(o.Metric) is { } value && o.IsReached(value))
            && Array.TrueForAll(spec.Comparison.Constraints, c => c.Holds(name => report.Find(name) is { } value ? ParameterValue.Of(value) : null) is true);
        return reached ? string.Join(", ", wanted.Select(o => FormattableString.Invariant($"{o.Metric} is {report.Find(o.Metric):G6}, wanted was {o.Target:G6}"))) : null;
    }

    private static SweepState Reached(SweepState state, TargetReached @event)
    {
        var others = state.Live.Where(t => t.Asked is not Verb.Cancel).Select(t => t with { Asked = t.Number == @event.Number ? Verb.Stop : Verb.Cancel, IsHeld = false });
        return others.Aggregate(state, (s, t) => s.With(t)) with { Phase = SweepPhase.Stopping, WasStopped = true, EndReason = @event.Message };
    }

    private static Decision<ISweepEvent> Arrive(TrialRecord trial, RecordArrival command) =>
        trial is { IsLive: true, Ruling: null, WaitsAt: null } && trial.Until == command.Step ? Accept(new TrialArrived(trial.Number, command.Step)) : Nothing;

    /// <summary>A move is taken as long as its trial still waits and there is room for what it sets to work.</summary>
    private static Decision<ISweepEvent> Take(SweepState state, TakeMoves command)
    {
        var events = ImmutableArray.CreateBuilder<ISweepEvent>();
        foreach (var move in command.Moves)
        {
            if (!IsPossible(state, move))
                continue;
            var moved = new TrialMoved(move, move is Move.Replace ? state.Trials.Count + 1 : null);
            events.Add(moved);
            state = Apply(state, moved);
        }

        return Decision<ISweepEvent>.Accept(events.ToArray());
    }

    private static bool IsPossible(SweepState state, Move move)
    {
        if (state.Phase is not (SweepPhase.Running or SweepPhase.Stopping))
            return false;
        return move switch
        {
            Move.Resume m => Waits(state, m.Trial) is { } trial && m.Until > trial.WaitsAt && m.Until <= state.Spec!.Training.Steps && (trial.IsHeld || state.Free > 0),
            Move.Prune m => Waits(state, m.Trial) is not null,
            Move.Replace m => Waits(state, m.Trial) is not null && state.Free > 0 && m.Until > m.ParentStep
                && state.Trials.TryGetValue(m.Parent, out var parent) && HasStored(parent, m.ParentStep),
            _ => throw new ArgumentOutOfRangeException(nameof(move), move, "a move without a rule"),
        };
    }

    /// <summary>Whether the checkpoint of a milestone is in the journal. A report comes before it: the move is left out until then, and is given again.</summary>
    private static bool HasStored(TrialRecord trial, int step) =>
        !trial.IsLive || trial.WaitsAt >= step || trial.EndsAt >= step || trial.Until is null || trial.Until > step;

    private static TrialRecord? Waits(SweepState state, int number) =>
        state.Trials.TryGetValue(number, out var trial) && trial is { IsLive: true, WaitsAt: not null, Ruling: null, Asked: null } ? trial : null;

    private static SweepState Moved(SweepState state, TrialMoved @event)
    {
        return @event.Move switch
        {
            Move.Resume m => state.With(state.Trials[m.Trial] with { WaitsAt = null, Until = state.Spec!.Training.MilestoneFrom(m.Until) }),
            Move.Prune m => Pruned(m.Trial, m.Ruling),
            Move.Replace m => Begun(Pruned(m.Trial, m.Ruling), new TrialRecord(@event.Successor!.Value, m.Assignment, null)
            {
                Parent = m.Parent,
                ParentStep = m.ParentStep,
                Replaces = m.Trial,
                Until = state.Spec!.Training.MilestoneFrom(m.Until),
                AwaitsOrigin = true,
                HoldsParent = true,
            }),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "a move without a rule"),
        };

        SweepState Pruned(int number, Ruling ruling) => state.With(state.Trials[number] with { WaitsAt = null, Ruling = ruling, EndsAt = state.Trials[number].WaitsAt });
    }

    /// <summary>Nothing runs, so no report can come; nothing is to be proposed; and the scheduler had no move: whoever still waits has waited in vain.</summary>
    private static Decision<ISweepEvent> Leftovers(SweepState state)
    {
        bool canMove = state.Phase is not (SweepPhase.Running or SweepPhase.Stopping) || Wanted(state) > 0
            || state.Live.Any(t => t.IsAtWork || t.IsHeld) || (state.Spec!.WarmStart is not null && state.Evidence is null);
        return canMove
            ? Nothing
            : Accept([.. state.Live.Where(t => t is { WaitsAt: not null, Asked: null }).Select(t => new TrialMoved(new Move.Prune(t.Number, new Ruling(t.WaitsAt!.Value, NotPromoted))))]);
    }

    private static Decision<ISweepEvent> Originate(TrialRecord trial, RecordOrigin command) =>
        trial is { IsLive: true, AwaitsOrigin: true } ? Accept(new TrialInherited(trial.Number, command.Origin, command.Message)) : Nothing;

    private static Decision<ISweepEvent> Record(SweepState state, TrialRecord trial, RecordOutcome command) =>
        !trial.IsLive || command.Round != trial.Round ? Nothing : WithEnd(state, new TrialEnded(command.Number, command.Outcome));

    private static SweepState Ended(SweepState state, TrialEnded @event)
    {
        var outcome = @event.Outcome;
        var ended = state.With(state.Trials[@event.Number] with { Outcome = outcome, WaitsAt = null, AwaitsOrigin = false }) with
        {
            LiveNumbers = state.LiveNumbers.Remove(@event.Number),
            Failed = state.Failed + (outcome.Phase is TrialPhase.Failed ? 1 : 0),
        };
        return outcome.Phase is TrialPhase.Succeeded or TrialPhase.Pruned ? Weighed(ended, outcome.Objective ?? double.NaN) : ended;
    }

    /// <summary>Counts trials that end without being better than all before.</summary>
    private static SweepState Weighed(SweepState state, double objective)
    {
        var (goal, delta) = (state.Spec!.Objective, state.Spec.Budget.PlateauMinDelta);
        double bar = (state.BestOnPlateau ?? double.NaN) + (goal.Goal is Goal.Minimize ? -delta : delta);
        return goal.IsBetter(objective, bar)
            ? state with { BestOnPlateau = objective, SinceBetter = 0 }
            : state with { SinceBetter = state.SinceBetter + 1 };
    }
}
