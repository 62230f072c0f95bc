using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Metering;

/// <summary>A sweep in numbers.</summary>
/// <param name="Best">Of trials that have ended; null before one has.</param>
/// <param name="DeviceSeconds">Of trials that have ended.</param>
internal sealed record SweepTally(SweepPhase Phase, IReadOnlyDictionary<TrialPhase, int> Trials, double? Best, double DeviceSeconds)
{
    /// <param name="phaseOf">Of a trial that has not ended.</param>
    public static SweepTally Of(SweepState state, Func<int, TrialPhase> phaseOf)
    {
        var outcomes = state.Trials.Values.Select(trial => trial.Outcome).OfType<TrialOutcome>().ToArray();
        double[] objectives = [.. outcomes.Where(outcome => outcome.Phase is TrialPhase.Succeeded).Select(outcome => outcome.Objective).OfType<double>().Where(double.IsFinite)];
        return new SweepTally(
            state.Phase,
            state.Trials.Values.CountBy(trial => trial.Outcome?.Phase ?? phaseOf(trial.Number)).ToDictionary(),
            objectives.Length == 0 ? null : state.Spec!.Objective.Goal is Goal.Minimize ? objectives.Min() : objectives.Max(),
            outcomes.Sum(outcome => outcome.DeviceSeconds));
    }
}
