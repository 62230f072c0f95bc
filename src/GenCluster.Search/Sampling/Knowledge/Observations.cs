using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Sampling.Knowledge;

/// <summary>
/// Reads a history as evidence about the objective. Trials that were cancelled, or that their machines failed, say nothing
/// about their configuration and are left out; so is what lies outside the space as it is now.
/// </summary>
internal static class Observations
{
    /// <summary>From the oldest to the newest; what is known from elsewhere is older than any trial.</summary>
    public static List<Observation> Of(SearchHistory history, Axes axes)
    {
        var objectives = history.Objectives;
        var last = LastReports(history);
        List<Observation> observations = [];
        foreach (var known in history.Evidence)
        {
            if (axes.Locate(known.Assignment) is { } point && known.Values.Count == objectives.Length)
                observations.Add(Measured(point, [.. objectives.Zip(known.Values, Loss)], Standing.Complete, 0, 0));
        }

        foreach (var trial in history.Trials.OrderBy(t => t.Number))
        {
            if (axes.Locate(trial.Assignment) is { } point && Of(trial, point) is { } observation)
                observations.Add(observation);
        }

        return observations;

        Observation? Of(TrialRecord trial, double[] point) => trial.Outcome switch
        {
            null => new Observation(point, Standing.Running, []),
            { Phase: TrialPhase.Succeeded } end => Measured(point, LossesOf(end), Standing.Complete, end.Steps, Violations(end)),
            { Phase: TrialPhase.Pruned } end => last.TryGetValue(trial.Number, out var report)
                ? Measured(point, [.. objectives.Select(o => Loss(o, report.Value(o)))], Standing.Pruned, report.Step, 0)
                : Measured(point, LossesOf(end), Standing.Pruned, end.Steps, 0),
            { Phase: TrialPhase.Failed, Failure: null or FailureClass.UserError or FailureClass.NonFinite or FailureClass.OutOfMemory } =>
                new Observation(point, Standing.Failed, []),
            _ => null,
        };

        double[] LossesOf(TrialOutcome end) =>
            [.. objectives.Select((objective, i) => Loss(objective, (i == 0 ? end.Objective : end.Find(objective.Metric)) ?? double.NaN))];

        int Violations(TrialOutcome end) =>
            history.Comparison.Constraints.Count(c => c.Holds(metric => end.Find(metric) is { } value ? ParameterValue.Of(value) : null) is not true);
    }

    private static Observation Measured(double[] point, double[] losses, Standing standing, int step, int violations) => losses.All(double.IsFinite)
        ? new Observation(point, violations > 0 ? Standing.Infeasible : standing, losses, step, violations)
        : new Observation(point, Standing.Failed, []);

    private static double Loss(ObjectiveSpec objective, double value) => objective.Goal is Goal.Minimize ? value : -value;

    /// <summary>What each pruned trial reported last; at the same step the later report counts.</summary>
    private static Dictionary<int, TrialReport> LastReports(SearchHistory history)
    {
        Dictionary<int, TrialReport> last = [];
        if (!history.Trials.Any(t => t.Outcome is { Phase: TrialPhase.Pruned }))
            return last;
        foreach (var report in history.Reports)
        {
            if (!last.TryGetValue(report.Number, out var before) || report.Step >= before.Step)
                last[report.Number] = report;
        }

        return last;
    }
}
