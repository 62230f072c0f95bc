using GenCluster.Core.Parameters;
using GenCluster.Search.Sampling.Knowledge;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>Hyperparameters that a trial has together or not at all, and that are modelled together.</summary>
/// <param name="Condition">When a trial has them; null: always.</param>
/// <param name="Indices">Their places among all axes.</param>
internal sealed record AxisGroup(Predicate? Condition, IReadOnlyList<Axis> Axes, IReadOnlyList<int> Indices)
{
    /// <summary>The groups, each after those that its condition asks for.</summary>
    /// <param name="together">Whether those with the same condition are one group; if not, each is alone.</param>
    public static IReadOnlyList<AxisGroup> Of(Axes axes, ParameterSpace space, bool together)
    {
        var places = space.InOrder.Index().ToDictionary(p => p.Item.Path, p => p.Index, StringComparer.Ordinal);
        return
        [
            .. axes.All.Index()
                .GroupBy(a => (a.Item.Parameter.When?.Text, together ? "" : a.Item.Parameter.Path))
                .OrderBy(group => group.Max(a => places[a.Item.Parameter.Path])) // conditions ask for what was placed before
                .Select(group => new AxisGroup(group.First().Item.Parameter.When, [.. group.Select(a => a.Item)], [.. group.Select(a => a.Index)])),
        ];
    }

    /// <summary>The coordinates of a point on these axes.</summary>
    public double[] Of(double[] point) => [.. Indices.Select(i => point[i])];

    /// <summary>Whether a trial there has these hyperparameters.</summary>
    public bool IsAt(double[] point) => !double.IsNaN(point[Indices[0]]);
}
