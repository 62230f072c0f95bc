using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Scheduling.Dialects;

/// <summary>
/// Another tool's way of stopping at rungs, kept as it is, quirks included, so that a file that comes from it stops the same
/// trials. All reports are taken in again from the first, as that tool's scheduler took them in, and the last one is judged.
/// </summary>
internal abstract class Dialect(SearchHistory history)
{
    protected SearchHistory History => history;

    /// <summary>The rule of that name; null for this house's own.</summary>
    public static Dialect? Of(string rule, SearchHistory history, AlgorithmOptions options, SearchRandom random) => rule switch
    {
        "ray" => new RayDialect(history, options, random),
        "optuna" => new OptunaDialect(history, options),
        "determined" => new DeterminedDialect(history, options),
        "wandb" => new WandbDialect(history, options),
        _ => null,
    };

    public virtual Ruling? Judge()
    {
        var outcomes = history.Trials.ToDictionary(t => t.Number, t => t.Outcome);
        var last = history.Reports.Select((r, i) => (r.Number, i)).GroupBy(r => r.Number).ToDictionary(g => g.Key, g => g.Max(r => r.i));
        foreach (var crashed in history.Trials.Where(t => t.Outcome is not null && !last.ContainsKey(t.Number)))
            End(crashed.Number, null, crashed.Outcome!);

        Ruling? ruling = null;
        foreach (var (i, report) in history.Reports.Index())
        {
            ruling = report.Step > 0 ? Take(report) : null;
            // When a trial ended, among the reports of others, is not known; right after its last report comes closest.
            if (last[report.Number] == i && outcomes.GetValueOrDefault(report.Number) is { } outcome)
                End(report.Number, report, outcome);
        }

        return ruling;
    }

    /// <summary>Takes a report in.</summary>
    /// <returns>Why the trial stops; null: it goes on.</returns>
    protected virtual Ruling? Take(TrialReport report) => null;

    /// <summary>Takes in that a trial has ended.</summary>
    protected virtual void End(int trial, TrialReport? last, TrialOutcome outcome)
    {
    }

    /// <summary>The value with the sign that makes lower better; not a number stays so.</summary>
    protected double Signed(TrialReport report) => Unsigned(report.Value(history.Objective));

    /// <summary>The other way round, which is the same.</summary>
    protected double Unsigned(double value) => history.Objective.Goal is Core.Sweeps.Goal.Minimize ? value : -value;

    /// <param name="cutoff">With the sign that makes lower better.</param>
    protected Ruling Ruling(TrialReport report, int step, int among, double? cutoff, string rule)
    {
        double value = report.Value(history.Objective);
        return new Ruling(
            step,
            $"{rule}: {ReportsExtensions.Shown(value)} among {among} at step {step}" + (cutoff is { } c ? $", needed {ReportsExtensions.Shown(Unsigned(c))}" : ""),
            double.IsNaN(value) ? null : value, among, cutoff is { } bound ? Unsigned(bound) : null);
    }
}
