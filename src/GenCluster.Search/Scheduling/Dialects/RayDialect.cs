using GenCluster.Core.Search;
using GenCluster.Core.Trials;
using GenCluster.Search.Ranking;

namespace GenCluster.Search.Scheduling.Dialects;

/// <summary>
/// Ray Tune's AsyncHyperBandScheduler: a report is judged at the highest rung that it reaches and that has no value of its trial
/// yet, against a percentile of the values that are there. So after a rung was skipped, later values are judged at lower ones,
/// and a value that is not a number always goes on.
/// </summary>
internal sealed class RayDialect(SearchHistory history, AlgorithmOptions options, SearchRandom random) : Dialect(history)
{
    private readonly double factor = options.Number("reductionFactor");
    private readonly double first = options.Number("gracePeriod") is > 0 and var given ? given : 1;
    private readonly int most = options.Integer("maxSteps") is > 0 and var given ? given : history.Steps;
    private readonly bool stopsLast = options.Flag("stopLast");
    private readonly Dictionary<(int Bracket, int Rung), Dictionary<int, double>> recorded = [];

    protected override Ruling? Take(TrialReport report) => report.Step >= most && stopsLast
        ? new Ruling(report.Step, $"ray: it has reached maxSteps, {most}", report.Value(History.Objective))
        : Enter(report);

    protected override void End(int trial, TrialReport? last, TrialOutcome outcome)
    {
        if (outcome.Phase is TrialPhase.Succeeded && last is { Step: > 0 })
            Enter(last);
    }

    private Ruling? Enter(TrialReport report)
    {
        int bracket = BracketOf(report.Number);
        for (int k = Rungs(bracket) - 1; k >= 0; k--)
        {
            double level = first * Math.Pow(factor, k + bracket);
            var values = At(bracket, k);
            if (report.Step < level || values.ContainsKey(report.Number))
                continue;
            // Ray's values are rewards: higher is better.
            double reward = -Signed(report), cutoff = Quantiles.Of(values.Values, 1 - 1 / factor);
            values.Add(report.Number, reward);
            return reward < cutoff ? Ruling(report, (int)Math.Ceiling(level), values.Count, -cutoff, "ray") : null;
        }

        return null;
    }

    private Dictionary<int, double> At(int bracket, int rung)
    {
        if (!recorded.TryGetValue((bracket, rung), out var values))
            recorded.Add((bracket, rung), values = []);
        return values;
    }

    private int Rungs(int bracket) => (int)(Math.Log(most / first) / Math.Log(factor) - bracket + 1);

    /// <summary>A bracket is chosen with a probability in proportion to e to the number of its rungs.</summary>
    private int BracketOf(int trial)
    {
        int brackets = options.Integer("brackets");
        if (brackets == 1)
            return 0;
        double[] weights = [.. Enumerable.Range(0, brackets).Select(b => Math.Exp(Rungs(b)))];
        double place = random.ForPath("asha.bracket").For(trial).NextDouble() * weights.Sum();
        int bracket = 0;
        while (bracket < brackets - 1 && place >= weights[bracket])
            place -= weights[bracket++];
        return bracket;
    }
}
