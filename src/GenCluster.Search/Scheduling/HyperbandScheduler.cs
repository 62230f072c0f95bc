using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Scheduling.Halving;

namespace GenCluster.Search.Scheduling;

/// <summary>
/// Hyperband. Synchronous, trials fill one bracket after the other, in turn, wait at rungs, and when all of a bracket have come
/// the best go on and the others end. Asynchronous, a trial's bracket is a hash of its number, and it is judged when it comes, as
/// <see cref="AshaScheduler"/> does.
/// </summary>
public sealed class HyperbandScheduler : IScheduler
{
    public string Name => "hyperband";

    public int? FirstMilestone(SearchHistory history, int trial)
    {
        var options = Options(history);
        if (IsAsynchronous(options))
            return null;
        var plan = BracketPlan.Of(history, options);
        return plan.Milestones(history, Brackets.InTurn(Ordinal(history, trial), plan.Sizes).Bracket) is [var first, ..] ? first : null;
    }

    public Ruling? Judge(SearchHistory history, SearchRandom random)
    {
        var options = Options(history);
        if (!IsAsynchronous(options))
            return null;
        var plan = BracketPlan.Of(history, options);
        int bracket = Brackets.ByHash(history.Reports[^1].Number, plan.Sizes);
        return Stopping.Judge(history, plan.Milestones(history, bracket), plan.Factor, trial => Brackets.ByHash(trial, plan.Sizes) == bracket);
    }

    public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random)
    {
        var options = Options(history);
        if (IsAsynchronous(options))
            return [];
        var plan = BracketPlan.Of(history, options);
        List<Move> moves = [];
        foreach (var (bracket, first) in history.Trials.Where(t => t is { Outcome: null, WaitsAt: not null })
            .Select(t => Brackets.InTurn(Ordinal(history, t.Number), plan.Sizes)).Distinct().OrderBy(b => b.First))
        {
            moves.AddRange(new BracketRound(history, plan, bracket, first).Arrange(free - moves.Count(m => m is Move.Resume)));
        }

        return moves;
    }

    /// <summary>Trials are counted as they were proposed; a new one comes after all that there are.</summary>
    private static int Ordinal(SearchHistory history, int trial) => history.Trials.Count(t => t.Number < trial) + 1;

    private static bool IsAsynchronous(AlgorithmOptions options) => options.Text("mode") is "asynchronous";

    private static AlgorithmOptions Options(SearchHistory history) => AlgorithmOptions.OfScheduler("hyperband", history);
}
