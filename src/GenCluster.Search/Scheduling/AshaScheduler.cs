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
        Options(history).Text("mode") is "promote" && LevelsOf(history, trial) is [var first, ..] ? first : null;

    public Ruling? Judge(SearchHistory history, SearchRandom random)
    {
        var options = Options(history);
        if (options.Text("mode") is "promote")
            return null;
        if (Dialect.Of(options.Text("rule"), history, options, random) is { } dialect)
            return dialect.Judge();
        int bracket = BracketOf(history.Reports[^1].Number, options);
        return Stopping.Judge(
            history, LevelsOf(history, history.Reports[^1].Number), options.Number("reductionFactor"), trial => BracketOf(trial, options) == bracket);
    }

    public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random)
    {
        var options = Options(history);
        return options.Text("mode") is "promote"
            ? new Promoting(history, trial => LevelsOf(history, trial), options.Number("reductionFactor")).Arrange(free)
            : [];
    }

    private static AlgorithmOptions Options(SearchHistory history) => AlgorithmOptions.OfScheduler("asha", history);

    private static IReadOnlyList<int> LevelsOf(SearchHistory history, int trial)
    {
        var options = Options(history);
        double factor = options.Number("reductionFactor");
        double first = options.Number("gracePeriod") is > 0 and var given ? given : history.EvaluateEvery;
        return Levels.Geometric(history, first * Math.Pow(factor, options.Integer("earlyStoppingRate") + BracketOf(trial, options)), factor);
    }

    /// <summary>Brackets have equal shares: trials take turns.</summary>
    private static int BracketOf(int trial, AlgorithmOptions options) => (trial - 1) % options.Integer("brackets");
}
