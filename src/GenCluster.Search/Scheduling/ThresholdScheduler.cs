using GenCluster.Core.Search;
using static GenCluster.Search.Scheduling.ReportsExtensions;

namespace GenCluster.Search.Scheduling;

/// <summary>Stops a trial whose metric leaves a range, or is no number; it looks at no other trial.</summary>
public sealed class ThresholdScheduler : IScheduler
{
    public string Name => "threshold";

    public Ruling? Judge(SearchHistory history, SearchRandom random)
    {
        var options = AlgorithmOptions.OfScheduler(Name, history);
        var report = history.Reports[^1];
        string metric = options.Text("metric") is { Length: > 0 } given ? given : history.Objective.Metric;
        if (report.Step <= 0 || report.Report.Find(metric) is not { } value || !IsDue(history, report, options))
            return null;

        double lower = options.Number("lower"), upper = options.Number("upper");
        if (value >= lower && value <= upper)
            return null;
        double bound = value < lower ? lower : upper;
        string fault = double.IsNaN(value) ? "is not a number" : $"is {Shown(value)}, {(value < lower ? "below" : "above")} {Shown(bound)}";
        return new Ruling(report.Step, $"{metric} {fault} at step {report.Step}", double.IsNaN(value) ? null : value, 1, double.IsNaN(value) ? null : bound);
    }

    private static bool IsDue(SearchHistory history, TrialReport report, AlgorithmOptions options)
    {
        double grace = options.Number("gracePeriod");
        int interval = options.Integer("interval");
        return report.Step >= grace && history.StepBefore(report) < Math.Floor((report.Step - grace) / interval) * interval + grace;
    }
}
