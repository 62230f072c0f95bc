using GenCluster.Core.Decisions;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Sweeps;

/// <summary>When a sweep ends.</summary>
public static partial class SweepDecider
{
    private static SweepEnded? End(SweepState state)
    {
        if (state.HasEnded)
            return null;
        var budget = state.Spec!.Budget;
        if (state.Failed > budget.MaxFailedTrials)
            return new SweepEnded(SweepPhase.Failed, $"{state.Failed} trials have failed; budget.maxFailedTrials is {budget.MaxFailedTrials}");
        if (budget.PlateauTrials > 0 && state.SinceBetter >= budget.PlateauTrials)
            return new SweepEnded(Success(state), $"{state.SinceBetter} trials in a row were no better than the best before them");
        bool isLast = state.WasStopped || state.IsExhausted || state.Proposed >= state.Spec.Search.MaxTrials;
        return isLast && state.LiveNumbers.IsEmpty ? new SweepEnded(Success(state), state.EndReason ?? "") : null;
    }

    private static SweepPhase Success(SweepState state) =>
        state.Trials.Values.Any(t => t.Outcome?.Phase is TrialPhase.Succeeded or TrialPhase.Pruned) ? SweepPhase.Succeeded : SweepPhase.Failed;

    private static Decision<ISweepEvent> CheckTime(SweepState state, CheckBudget command)
    {
        if (state.HasEnded)
            return Nothing;
        var budget = state.Spec!.Budget;
        if (budget.WallClockSeconds > 0 && state.SubmittedAt > 0 && command.Now - state.SubmittedAt >= budget.WallClockSeconds * 1000)
            return Accept(new SweepEnded(Success(state), $"its time is over: budget.wallClock is {TimeSpan.FromSeconds(budget.WallClockSeconds)}"));
        if (budget.DeviceHours > 0 && command.DeviceSeconds >= budget.DeviceHours * 3600)
            return Accept(new SweepEnded(Success(state), FormattableString.Invariant($"its {budget.DeviceHours:0.####} device hours are used up")));
        return Nothing;
    }
}
