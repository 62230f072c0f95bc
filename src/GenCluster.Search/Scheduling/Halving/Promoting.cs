using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>
/// Successive halving that promotes (Li et al. 2020, algorithm 2): trials wait at rungs. From the top rung down, those among the
/// best n / factor of a rung that still wait there are resumed; places that are left are for new configurations.
/// </summary>
/// <remarks>
/// The paper's search has no end, ours has. When nothing runs and nothing is proposed any more, rungs are complete: if no trial
/// has been trained to its end yet, the best of the highest rung is, however few there are; and then all who wait are pruned.
/// </remarks>
internal sealed class Promoting(SearchHistory history, Func<int, IReadOnlyList<int>> levelsOf, double factor)
{
    private readonly Dictionary<int, int> lowest = history.Trials.ToDictionary(t => t.Number, t => levelsOf(t.Number) is [var first, ..] ? first : 0);

    public List<Move> Arrange(int free)
    {
        List<Move> moves = [];
        // Brackets may have rungs at the same step and share none, so a step's waiting trials may belong to different rungs.
        var waiting = history.Trials.Where(t => t is { Outcome: null, WaitsAt: not null })
            .GroupBy(t => (Level: t.WaitsAt!.Value, Lowest: lowest[t.Number]))
            .OrderByDescending(g => g.Key.Level).ThenBy(g => g.Key.Lowest).ToList();
        if (waiting is [])
            return moves;

        foreach (var group in waiting)
            moves.AddRange(Promotable(group.Key.Level, group.Key.Lowest, group).Take(free - moves.Count));
        return moves is [] && free > 0 && IsOver ? End(waiting[0].Key, [.. waiting.SelectMany(g => g)]) : moves;
    }

    private bool IsOver => history.AllProposed() && !history.Trials.Any(t => t.IsAtWork());

    private IEnumerable<Move> Promotable(int level, int bottom, IEnumerable<TrialRecord> waiting)
    {
        var rung = RungOf(level, bottom);
        var best = rung.Ordered.Take((int)(rung.Count / factor)).ToList();
        return best.Where(number => waiting.Any(w => w.Number == number)).Select(number => new Move.Resume(number, After(number, level)));
    }

    private List<Move> End((int Level, int Lowest) highest, IReadOnlyList<TrialRecord> waiting)
    {
        int best = RungOf(highest.Level, highest.Lowest).Ordered.FirstOrDefault(number => waiting.Any(w => w.Number == number && w.WaitsAt == highest.Level));
        if (best > 0 && !history.Trials.Any(t => t.Outcome?.Phase is TrialPhase.Succeeded))
            return [new Move.Resume(best, After(best, highest.Level))];

        return [.. waiting.Select(w => (w.Number, Rung: RungOf(w.WaitsAt!.Value, lowest[w.Number])))
            .Select(w => new Move.Prune(w.Number, w.Rung.Ruling(w.Number, (int)(w.Rung.Count / factor))))];
    }

    private Rung RungOf(int level, int bottom) => new(history, level, trial => lowest.GetValueOrDefault(trial) == bottom);

    private int After(int trial, int level) => levelsOf(trial).FirstOrDefault(l => l > level, history.Steps);
}
