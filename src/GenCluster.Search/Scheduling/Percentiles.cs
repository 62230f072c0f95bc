using GenCluster.Core.Search;
using GenCluster.Core.Trials;
using GenCluster.Search.Ranking;

namespace GenCluster.Search.Scheduling;

/// <summary>Stops a trial whose best value until now is worse than a percentile of what others had by then.</summary>
/// <param name="best">The best so many percent go on.</param>
internal sealed class Percentiles(SearchHistory history, AlgorithmOptions options, double best)
{
    private const int KatibStart = 4;

    private readonly TrialReport report = history.Reports[^1];
    private readonly double grace = options.Number("gracePeriod");

    public Ruling? Judge() => report.Step <= 0 ? null : options.Text("rule") switch
    {
        "optuna" => SameStep(),
        "katib" => AgainstMean(),
        _ => RunningMeans(),
    };

    /// <summary>Golovin et al. 2017, section 3.2.2, and Ray: against the means, until this step, of others that have come as far.</summary>
    private Ruling? RunningMeans()
    {
        if (!IsDue)
            return null;
        double[] means = [.. Others().Where(o => o.Any(r => r.Step >= report.Step))
            .Select(o => o.Where(r => r.Step >= grace && r.Step <= report.Step).Select(history.Cost).DefaultIfEmpty(double.NaN).Average())];
        return means.Length < options.Integer("minTrials") ? null : Against(Quantiles.Of(means, best / 100), means.Length, "means of the others until then");
    }

    /// <summary>Optuna: against the values of finished trials at this very step.</summary>
    private Ruling? SameStep()
    {
        if (!IsDue || Finished().Count < Math.Max(1, options.Integer("minTrials")))
            return null;
        if (double.IsPositiveInfinity(Best))
            return Against(double.NegativeInfinity, 1, "no finite value");
        double[] values = [.. Finished().SelectMany(o => o.Where(r => r.Step == report.Step).Take(1)).Select(history.Cost)];
        return values.Length < options.Integer("minReports") ? null : Against(Quantiles.Of(values, best / 100), values.Length, "finished trials");
    }

    /// <summary>Katib's medianstop: against the mean over finished trials of the mean of their first values, whatever its name says.</summary>
    private Ruling? AgainstMean()
    {
        int start = grace > 0 ? (int)grace : KatibStart;
        var finished = Finished();
        if (finished.Count < Math.Max(1, options.Integer("minTrials")) || history.Of(report.Number).Count() < start)
            return null;
        return Against(finished.Average(o => o.Take(start).Average(history.Cost)), finished.Count, "mean of the finished trials");
    }

    /// <summary>Whether this is the first report since the last step at which trials are judged.</summary>
    private bool IsDue
    {
        get
        {
            int interval = options.Integer("interval");
            double due = Math.Floor((report.Step - grace) / interval) * interval + grace;
            return report.Step >= grace && history.StepBefore(report) < due;
        }
    }

    private double Best => history.Of(report.Number).Min(history.Cost);

    private IEnumerable<IGrouping<int, TrialReport>> Others() =>
        history.Reports.Where(r => r.Number != report.Number && r.Step > 0).GroupBy(r => r.Number);

    private List<IGrouping<int, TrialReport>> Finished()
    {
        var finished = history.Trials.Where(t => t.Outcome?.Phase is TrialPhase.Succeeded).Select(t => t.Number).ToHashSet();
        return [.. Others().Where(o => finished.Contains(o.Key))];
    }

    private Ruling? Against(double cutoff, int among, string whom)
    {
        if (!(Best > cutoff))
            return null;
        double value = Raw(Best), needed = Raw(cutoff);
        return new Ruling(
            report.Step, $"best value {ReportsExtensions.Shown(value)} until step {report.Step}, needed {ReportsExtensions.Shown(needed)}: {whom}",
            double.IsFinite(value) ? value : null, among, double.IsFinite(needed) ? needed : null);
    }

    private double Raw(double cost) => history.Objective.Goal is Core.Sweeps.Goal.Minimize ? cost : -cost;
}
