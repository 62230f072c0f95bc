using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Standings;

namespace GenCluster.Search.Sampling.Evolution;

/// <summary>
/// A configuration and what came of it. One that was trained to its end is better than one that was not, whatever their values:
/// of those that were stopped, or wait, the longer trained one is better; failures are worst.
/// </summary>
/// <param name="Class">0: trained to its end; 1: stopped, or waiting at a milestone; 2: failed.</param>
internal sealed record Finished(Assignment Assignment, Result Result, int Class, int Steps)
{
    /// <summary>The trial; null while it runs. A population's replacements were not proposed by the search.</summary>
    public static Finished? Of(SearchHistory history, TrialRecord trial)
    {
        if (trial.WaitsAt is { } waits && history.Reports.LastOrDefault(r => r.Number == trial.Number) is { } report)
            return new Finished(trial.Assignment, Result.Of(history, report.Report), 1, waits);
        return trial.Outcome is not { } outcome ? null : new Finished(trial.Assignment, Result.Of(history, outcome), ClassOf(outcome), outcome.Steps);
    }

    public static IEnumerable<Finished> All(SearchHistory history) => history.Evidence
        .Where(e => e.Values.Count == history.Objectives.Length)
        .Select(e => new Finished(e.Assignment, new Result([.. history.Objectives.Zip(e.Values, (o, v) => o.Cost(v))], 0), 0, history.Steps))
        .Concat(history.Trials.OrderBy(t => t.Number).Select(t => Of(history, t)).OfType<Finished>());

    /// <summary>Fronts within classes, the classes one after the other; see <see cref="Standing.Fronts"/>.</summary>
    public static int[] Fronts(IReadOnlyList<Finished> all)
    {
        int[] fronts = new int[all.Count];
        int next = 0;
        foreach (var group in all.Index().GroupBy(f => (f.Item.Class, f.Item.Class == 0 ? 0 : -f.Item.Steps)).OrderBy(g => g.Key))
        {
            int[] within = Standing.Fronts([.. group.Select(f => f.Item.Result)]);
            foreach (var (at, member) in group.Index())
                fronts[member.Index] = next + within[at];
            next += within.Max() + 1;
        }

        return fronts;
    }

    /// <summary>From the best to the worst; equals as they came.</summary>
    public static IReadOnlyList<Finished> Order(IReadOnlyList<Finished> all)
    {
        int[] fronts = Fronts(all);
        return [.. all.Index().OrderBy(f => fronts[f.Index]).Select(f => f.Item)];
    }

    private static int ClassOf(TrialOutcome outcome) => outcome.Phase switch
    {
        TrialPhase.Succeeded when outcome.Objective is { } value && double.IsFinite(value) => 0,
        TrialPhase.Pruned when outcome.Objective is { } value && double.IsFinite(value) => 1,
        _ => 2,
    };
}
