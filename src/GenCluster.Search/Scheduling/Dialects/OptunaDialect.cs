using GenCluster.Core.Search;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Scheduling.Dialects;

/// <summary>
/// Optuna's SuccessiveHalvingPruner: a report may pass several rungs, at each of which it competes with all values that were
/// let in there, its own included. Equals go on. Without gracePeriod nothing is judged before a trial has been completed.
/// </summary>
internal sealed class OptunaDialect(SearchHistory history, AlgorithmOptions options) : Dialect(history)
{
    private readonly double factor = options.Number("reductionFactor");
    private readonly int rate = options.Integer("earlyStoppingRate"), bootstrap = options.Integer("bootstrap");
    private readonly List<List<double>> rungs = [];
    private readonly Dictionary<int, int> next = [];
    private double first = options.Number("gracePeriod");

    protected override Ruling? Take(TrialReport report)
    {
        if (first == 0)
            return null;
        for (int k = next.GetValueOrDefault(report.Number); ; k++)
        {
            double level = first * Math.Pow(factor, rate + k);
            if (report.Step < level)
                return null;
            double value = Signed(report);
            if (double.IsNaN(value))
                return Ruling(report, (int)level, 1, null, "optuna");

            var values = At(k);
            values.Add(value);
            next[report.Number] = k + 1;
            values.Sort();
            double cutoff = values[Math.Max((int)(values.Count / factor), 1) - 1];
            if (values.Count <= bootstrap || value > cutoff)
                return Ruling(report, (int)level, values.Count, values.Count <= bootstrap ? null : cutoff, "optuna");
        }
    }

    protected override void End(int trial, TrialReport? last, TrialOutcome outcome)
    {
        if (first == 0 && outcome.Phase is TrialPhase.Succeeded && last is not null)
            first = Math.Max(last.Step / 100, 1);
    }

    private List<double> At(int rung)
    {
        while (rungs.Count <= rung)
            rungs.Add([]);
        return rungs[rung];
    }
}
