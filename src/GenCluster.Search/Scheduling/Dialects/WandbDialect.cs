using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling.Dialects;

/// <summary>
/// Weights &amp; Biases' early_terminate of type hyperband: bands are numbers of logged values, not steps, and a run is judged at the
/// last band that it has passed, at every report again, against all values that are at that band now.
/// </summary>
internal sealed class WandbDialect(SearchHistory history, AlgorithmOptions options) : Dialect(history)
{
    private const int MostBands = 100;

    /// <summary>Bands up from the first, or down from the last when no first is given.</summary>
    public static List<int> Bands(double first, int last, int bands, double factor)
    {
        IEnumerable<double> levels = first > 0
            ? Enumerable.Range(0, MostBands).Select(k => first * Math.Pow(factor, k)).TakeWhile(b => b < int.MaxValue)
            : Enumerable.Range(1, bands).Select(k => last / Math.Pow(factor, k)).TakeWhile(b => b >= 1);
        return [.. levels.Select(b => (int)b).Order()];
    }

    public override Ruling? Judge()
    {
        var report = History.Reports[^1];
        var logged = History.Reports.Where(r => r.Step > 0 && !double.IsNaN(Signed(r))).GroupBy(r => r.Number)
            .ToDictionary(g => g.Key, g => g.Select(Signed).ToArray());
        double factor = options.Number("reductionFactor");
        int last = options.Integer("maxSteps") is > 0 and var given ? given : History.Steps / Math.Max(1, History.EvaluateEvery);
        if (!logged.TryGetValue(report.Number, out double[]? own))
            return null;

        // A band of n is passed with the value after the n-th: values are counted from 0.
        int band = Bands(options.Number("gracePeriod"), last, options.Integer("bands"), factor).LastOrDefault(b => b < own.Length, -1);
        if (band < 0)
            return null;
        double[] values = [.. logged.Values.Where(v => v.Length > band).Select(v => v[band]).Order()];
        double threshold = values[(int)(1 / factor * values.Length)];
        double judged = options.Flag("strict") ? own[band] : own.Min();
        return judged > threshold ? Ruling(report, report.Step, values.Length, threshold, $"wandb, band {band}") with { Value = Unsigned(judged) } : null;
    }
}
