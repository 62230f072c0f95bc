using GenCluster.Core.Search;

namespace GenCluster.Search.Scheduling.Halving;

/// <summary>Steps of rungs.</summary>
internal static class Levels
{
    /// <summary>first, first times factor, … rounded up to evaluated steps, each once, all before the trial's last step.</summary>
    public static IReadOnlyList<int> Geometric(SearchHistory history, double first, double factor)
    {
        List<int> levels = [];
        for (double level = first; history.Evaluated(level) < history.Steps; level *= factor)
        {
            if (levels is [] || history.Evaluated(level) > levels[^1])
                levels.Add(history.Evaluated(level));
        }

        return levels;
    }
}
