using GenCluster.Core.Search;
using static GenCluster.Search.Scheduling.ReportsExtensions;

namespace GenCluster.Search.Scheduling;

/// <summary>Stops a trial that has not become better for some evaluations; it looks at no other trial.</summary>
public sealed class PatienceScheduler : IScheduler
{
    public string Name => "patience";

    public Ruling? Judge(SearchHistory history, SearchRandom random)
    {
        var options = AlgorithmOptions.OfScheduler(Name, history);
        var report = history.Reports[^1];
        double[] costs = [.. history.Of(report.Number).OrderBy(r => r.Step).Select(history.Cost)];
        int patience = options.Integer("evaluations");
        double delta = options.Number("minDelta");
        if (report.Step <= 0 || report.Step < options.Number("gracePeriod"))
            return null;

        double? best = options.Text("rule") is "optuna" ? BestBeforeItWorsened(costs, patience, delta) : BestBeforeItStayed(costs, patience, delta);
        if (best is not { } cost)
            return null;
        double value = history.Objective.Goal is Core.Sweeps.Goal.Minimize ? cost : -cost;
        return new Ruling(
            report.Step, $"no better than {Shown(value)} for {patience} evaluations, by more than {Shown(delta)}",
            report.Value(history.Objective), costs.Length, value);
    }

    private static double? BestBeforeItStayed(double[] costs, int patience, double delta)
    {
        double best = double.PositiveInfinity;
        int since = 0;
        foreach (double cost in costs)
        {
            bool isBetter = cost < best - delta || (double.IsPositiveInfinity(best) && double.IsFinite(cost));
            (best, since) = isBetter ? (cost, 0) : (best, since + 1);
        }

        return since >= patience ? best : null;
    }

    /// <summary>Optuna's PatientPruner around nothing: the last patience + 1 values are all worse, by more than delta, than the best before.</summary>
    private static double? BestBeforeItWorsened(double[] costs, int patience, double delta)
    {
        if (costs.Length <= patience + 1)
            return null;
        double before = costs[..^(patience + 1)].Min();
        return before + delta < costs[^(patience + 1)..].Min() ? before : null;
    }
}
