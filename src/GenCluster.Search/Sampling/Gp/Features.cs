using GenCluster.Core.Parameters;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Gp;

/// <summary>
/// What the Gaussian process sees of a point: for each axis its coordinate, and after them for each condition whether it holds.
/// A hyperparameter that the point does not have lies in the middle, or is a choice of its own, so its coordinate tells
/// nothing apart; that it is missing is what the condition's feature tells.
/// </summary>
internal sealed class Features
{
    private const double Middle = 0.5, NoChoice = -1;

    private readonly int[] conditionOf; // for each axis the place of its condition's feature; -1 when it has none

    public Features(Axes axes)
    {
        Axes = axes;
        List<string> conditions = [.. axes.All.Select(a => a.Parameter.When?.Text).OfType<string>().Distinct(StringComparer.Ordinal)];
        conditionOf = [.. axes.All.Select(a => a.Parameter.When is { } when ? axes.Count + conditions.IndexOf(when.Text) : -1)];
        Count = axes.Count + conditions.Count;
    }

    public Axes Axes { get; }

    public int Count { get; }

    /// <summary>Whether two values of the feature are either the same or entirely different.</summary>
    public bool IsChoice(int feature) => feature >= Axes.Count || Axes.All[feature].IsChoice;

    /// <param name="point">Coordinates, not a number where there is none.</param>
    public double[] Of(double[] point)
    {
        double[] features = new double[Count];
        for (int i = 0; i < Axes.Count; i++)
        {
            bool isMissing = double.IsNaN(point[i]);
            features[i] = !isMissing ? point[i] : Axes.All[i].IsChoice ? NoChoice : Middle;
            if (conditionOf[i] >= 0 && !isMissing)
                features[conditionOf[i]] = 1;
        }

        return features;
    }

    /// <summary>How far apart two values of a feature are, squared: for choices the distance of Hamming.</summary>
    public double SquaredDistance(int feature, double left, double right)
    {
        if (IsChoice(feature))
            return left == right ? 0 : 1;
        return (left - right) * (left - right);
    }
}
