using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Ranking;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>
/// The trials that have reached a step, each with the first report that came from there or later, ordered. Of equals the one
/// that came first is better; one that breaks a metric constraint is worse than any that breaks fewer.
/// </summary>
internal sealed class Rung
{
    private readonly SearchHistory history;
    private readonly TrialReport[] entries;
    private readonly int[] order, fronts;

    public Rung(SearchHistory history, int level, Func<int, bool> belongs)
    {
        this.history = history;
        Level = level;
        HashSet<int> seen = [];
        entries = [.. history.Reports.Where(r => r.Step >= level && r.Step > 0 && belongs(r.Number) && seen.Add(r.Number))];
        Result[] results = [.. entries.Select(e => Result.Of(history, e.Report))];
        fronts = Standing.Fronts(results);
        order = [.. Enumerable.Range(0, entries.Length).OrderBy(i => fronts[i])];
    }

    public int Level { get; }

    public int Count => entries.Length;

    /// <summary>The trials from the best to the worst.</summary>
    public IEnumerable<int> Ordered => order.Select(i => entries[i].Number);

    /// <summary>The trial's place, 0 for the best; null when it has not come here.</summary>
    public int? PlaceOf(int trial) => Array.FindIndex(order, i => entries[i].Number == trial) is var place and >= 0 ? place : null;

    /// <summary>Why a trial does not go on when only the best <paramref name="kept"/> do.</summary>
    public Ruling Ruling(int trial, int kept)
    {
        if (PlaceOf(trial) is not { } place)
            return new Ruling(Level, $"nothing was measured at step {Level}", null, Count);
        double? value = ValueAt(place), cutoff = kept > 0 ? ValueAt(kept - 1) : null;
        return new Ruling(Level, $"place {place + 1} of {Count} at step {Level}{Unit}; {Kept(kept)}", value, Count, cutoff);
    }

    private bool IsPareto => history.Comparison.Others.Length > 0;

    /// <summary>What the numbers of a ruling are when they are not the objective's.</summary>
    private string Unit => IsPareto ? " by Pareto fronts" : "";

    private double ValueAt(int place) => IsPareto ? fronts[order[place]] : entries[order[place]].Value(history.Objective);

    private static string Kept(int kept) => kept switch { 0 => "none goes on", 1 => "the best one goes on", _ => $"the best {kept} go on" };
}
