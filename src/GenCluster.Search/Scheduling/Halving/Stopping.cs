using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>Successive halving that stops trials when they pass a rung (Li et al. 2020), in this house's way of counting.</summary>
internal static class Stopping
{
    /// <summary>
    /// A report is judged at the highest rung that it is the first of its trial to reach; lower ones that it skipped are passed,
    /// with its value. Of n values there, its own included, the best n / factor go on, and at least one. The newcomer is worse
    /// than its equals.
    /// </summary>
    public static Ruling? Judge(SearchHistory history, IReadOnlyList<int> levels, double factor, Func<int, bool> belongs)
    {
        var report = history.Reports[^1];
        if (report.Step > 0 && !double.IsFinite(report.Value(history.Objective)))
            return NonFinite(history, report);
        int before = history.StepBefore(report);
        int level = levels.LastOrDefault(l => l <= report.Step && l > before);
        if (level == 0)
            return null;

        var rung = new Rung(history, level, belongs);
        int kept = Math.Max(1, (int)(rung.Count / factor));
        return rung.PlaceOf(report.Number) < kept ? null : rung.Ruling(report.Number, kept);
    }

    public static Ruling NonFinite(SearchHistory history, TrialReport report) =>
        new(report.Step, $"NonFinite: {history.Objective.Metric} is {ReportsExtensions.Shown(report.Value(history.Objective))} at step {report.Step}", null, 1);
}
