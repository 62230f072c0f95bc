using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Sweeps;

namespace GenCluster.Search.Tests.Sweeps;

/// <summary>Small schedulers, one of each kind.</summary>
internal static class ModelSchedulers
{
    public static readonly Algorithms Algorithms = new(Samplers.Find, name => name switch
    {
        "stop" => new StopAboveMedian(),
        "halve" => new HalvePairs(),
        "replace" => new ReplaceWorst(),
        _ => null,
    });

    private static double ValueAt(SearchHistory history, int trial, int step) =>
        history.Reports.First(r => r.Number == trial && r.Step == step).Value(history.Objective);

    /// <summary>Stops a trial that is worse than the median of those that came to this step before.</summary>
    private sealed class StopAboveMedian : IScheduler
    {
        public string Name => "stop";

        public Ruling? Judge(SearchHistory history, SearchRandom random)
        {
            var last = history.Reports[^1];
            double[] before = [.. history.Reports.Take(history.Reports.Count - 1).Where(r => r.Step == last.Step).Select(r => r.Value(history.Objective)).Order()];
            double value = last.Value(history.Objective);
            return before.Length > 0 && value > before[before.Length / 2] ? new Ruling(last.Step, "above the median", value, before.Length + 1, before[before.Length / 2]) : null;
        }
    }

    /// <summary>Of two that wait at a step the better one goes on, to twice the step.</summary>
    private sealed class HalvePairs : IScheduler
    {
        public string Name => "halve";

        public int? FirstMilestone(SearchHistory history, int trial) => 10;

        public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random)
        {
            foreach (var waiting in history.Trials.Where(t => t.WaitsAt is not null).GroupBy(t => t.WaitsAt!.Value).OrderByDescending(g => g.Key))
            {
                if (free == 0 || waiting.Count() < 2)
                    continue;
                TrialRecord[] pair = [.. waiting.Take(2).OrderBy(t => ValueAt(history, t.Number, waiting.Key)).ThenBy(t => t.Number)];
                return [new Move.Prune(pair[1].Number, new Ruling(waiting.Key, "the worse of two")), new Move.Resume(pair[0].Number, waiting.Key * 2)];
            }

            return [];
        }
    }

    /// <summary>When all wait, the worst begins again from the best, and the others go on.</summary>
    private sealed class ReplaceWorst : IScheduler
    {
        public string Name => "replace";

        public int? FirstMilestone(SearchHistory history, int trial) => 10;

        public IReadOnlyList<Move> Arrange(SearchHistory history, int free, SearchRandom random)
        {
            TrialRecord[] waiting = [.. history.Trials.Where(t => t.WaitsAt is not null)];
            if (history.Trials.Any(t => t.Outcome is null && t.WaitsAt is null) || waiting.Length == 0 || free < waiting.Length)
                return [];
            TrialRecord[] ranked = [.. waiting.OrderBy(t => ValueAt(history, t.Number, t.WaitsAt!.Value)).ThenBy(t => t.Number)];
            return
            [
                .. ranked.Skip(ranked.Length > 1 ? 1 : 0).Reverse().Take(ranked.Length > 1 ? 1 : 0).Select(t => (Move)new Move.Replace(
                    t.Number, new Ruling(t.WaitsAt!.Value, "the worst"), ranked[0].Number, ranked[0].WaitsAt!.Value, ranked[0].Assignment, ranked[0].WaitsAt!.Value + 10)),
                .. ranked.Take(Math.Max(1, ranked.Length - 1)).Select(t => new Move.Resume(t.Number, t.WaitsAt!.Value + 10)),
            ];
        }
    }
}
