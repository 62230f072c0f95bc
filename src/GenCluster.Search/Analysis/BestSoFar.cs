using GenCluster.Core.Sweeps;

namespace GenCluster.Search.Analysis;

/// <summary>The best objective rose, or fell, to a new one.</summary>
/// <param name="Ended">How many trials had ended by then, this one included.</param>
public sealed record BestSoFarPoint(int Ended, int Trial, double Value);

/// <summary>How the best objective came about.</summary>
public static class BestSoFar
{
    /// <summary>Each trial that was better than all before it.</summary>
    /// <param name="ended">In the order in which they ended, those without a value as null.</param>
    public static IReadOnlyList<BestSoFarPoint> Of(IEnumerable<Contender?> ended, ObjectiveSpec objective)
    {
        List<BestSoFarPoint> points = [];
        int count = 0;
        foreach (var one in ended)
        {
            count++;
            if (one is { Competes: true } && (points.Count == 0 || objective.IsBetter(one.Values[0], points[^1].Value)))
                points.Add(new BestSoFarPoint(count, one.Trial, one.Values[0]));
        }

        return points;
    }
}
