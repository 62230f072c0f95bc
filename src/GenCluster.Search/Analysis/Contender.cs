using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Analysis;

/// <summary>A trial that has something to say about the search: it ended with a value for each objective.</summary>
/// <param name="Values">One finite number for each objective, in order.</param>
/// <param name="IsComplete">Whether it was trained to its end; a pruned one has the values of where it stopped.</param>
/// <param name="IsAdmissible">Whether it meets all constraints on metrics.</param>
public sealed record Contender(int Trial, Assignment Assignment, IReadOnlyList<double> Values, bool IsComplete, bool IsAdmissible)
{
    /// <summary>Whether it may be called the best of a sweep.</summary>
    public bool Competes => IsComplete && IsAdmissible;

    /// <summary>The trial as a contender; null when it lacks a finite value of an objective.</summary>
    public static Contender? Of(TrialRecord trial, SweepSpec spec)
    {
        if (trial.Outcome is not { Phase: TrialPhase.Succeeded or TrialPhase.Pruned } outcome)
            return null;
        double[] values = [.. Objectives(spec).Select((o, i) => (i == 0 ? outcome.Objective : outcome.Find(o.Metric)) ?? double.NaN)];
        if (!values.All(double.IsFinite))
            return null;
        bool admissible = Array.TrueForAll(spec.Comparison.Constraints, c => c.Holds(name => ValueOf(outcome, name, spec)) is true);
        return new Contender(trial.Number, trial.Assignment, values, outcome.Phase is TrialPhase.Succeeded, admissible);
    }

    /// <summary>The objective and the further ones, the objective first.</summary>
    public static IReadOnlyList<ObjectiveSpec> Objectives(SweepSpec spec) => [spec.Objective, .. spec.Comparison.Others];

    private static ParameterValue? ValueOf(TrialOutcome outcome, string metric, SweepSpec spec) =>
        (outcome.Find(metric) ?? (metric == spec.Objective.Metric ? outcome.Objective : null)) is { } value ? ParameterValue.Of(value) : null;
}
