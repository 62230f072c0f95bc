using System.Collections.Immutable;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Standings;

/// <summary>How good something is.</summary>
/// <param name="Costs">One for each objective, lower is better; infinite where there is no finite value.</param>
/// <param name="Violations">Metric constraints that do not hold.</param>
internal readonly record struct Result(ImmutableArray<double> Costs, int Violations)
{
    public static Result Of(SearchHistory history, MetricReport report) => new(
        [.. history.Objectives.Select(o => o.Cost(report.Find(o.Metric)))],
        history.Comparison.Constraints.Count(c => c.Holds(name => Shown(report.Find(name))) is not true));

    /// <summary>How good a finished trial is: by its last evaluation.</summary>
    public static Result Of(SearchHistory history, TrialOutcome outcome) => new(
        [.. history.Objectives.Select((o, i) => o.Cost(i == 0 ? outcome.Objective : outcome.Find(o.Metric)))],
        history.Comparison.Constraints.Count(c => c.Holds(name => Shown(outcome.Find(name))) is not true));

    /// <summary>Whether it is better in a way that everybody agrees on: fewer constraints are broken, or as many, and no objective
    /// is worse and one is better (Deb et al. 2002, definition 1).</summary>
    public bool Dominates(Result other) => Violations != other.Violations ? Violations < other.Violations : ParetoFronts.Dominates(Costs.AsSpan(), other.Costs.AsSpan());

    private static ParameterValue? Shown(double? value) => value is { } v ? ParameterValue.Of(v) : null;
}
