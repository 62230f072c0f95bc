using GenCluster.Core.Search;
using GenCluster.Search.Scheduling.Dialects;
using GenCluster.Search.Scheduling.Halving;

namespace GenCluster.Search.Scheduling;

/// <summary>
/// Asynchronous successive halving (Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht, Talwalkar: A System for Massively
/// Parallel Hyperparameter Tuning, MLSys 2020), stopping or promoting, and the ways of counting of other tools.
/// </summary>
public sealed class AshaScheduler : IScheduler
{
    public string Name => "asha";

    public int? FirstMilestone(SearchHistory history, int trial) =>
        Options(history).Text("mode") is "promote" && Ladders(history) is var ladders && ladders[(trial - 1) % ladders.Length] is [var first, ..] ? first : null;

    public Ruling? Judge(SearchHistory history, SearchRandom random)
    {
        var options = Options(history);
        if (options.Text("mode") is "promote")
            return null;
        if (Dialect.Of(options.Text("rule"), history, options, random) is { } dialect)
            return dialect.Judge();
        var ladders = Ladders(history);
        int bracket = (history.Reports[^1].Number - 1) % ladders.Length;
        return Stopping.Judge(history, ladders[bracket], options.Number("reductionFactor"), trial => (trial - 1) % ladders.Length == bracket);
    }

    public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random)
    {
        var options = Options(history);
        if (options.Text("mode") is not "promote" || !history.Trials.Any(t => t.WaitsAt is not null))
            return [];
        var ladders = Ladders(history);
        return new Promoting(history, trial => ladders[(trial - 1) % ladders.Length], options.Number("reductionFactor")).Arrange(free);
    }

    private static AlgorithmOptions Options(SearchHistory history) => AlgorithmOptions.OfScheduler("asha", history);

    /// <summary>The rungs of each bracket. Brackets have equal shares: trials take turns.</summary>
    private static IReadOnlyList<int>[] Ladders(SearchHistory history)
    {
        var options = Options(history);
        double factor = options.Number("reductionFactor");
        double first = options.Number("gracePeriod") is > 0 and var given ? given : history.EvaluateEvery;
        return [.. Enumerable.Range(options.Integer("earlyStoppingRate"), options.Integer("brackets"))
            .Select(skipped => Levels.Geometric(history, first * Math.Pow(factor, skipped), factor))];
    }
}

