using GenCluster.Core.Parameters;

namespace GenCluster.Search.Analysis;

/// <summary>
/// Assignments as points of the unit cube, one coordinate for each hyperparameter: where its value lies in its distribution.
/// So equal lengths of a coordinate are equally likely under the search space, whatever the distribution.
/// </summary>
internal static class UnitPoints
{
    /// <summary>What stands for a hyperparameter that a trial does not have: the middle of its distribution.</summary>
    public const double Imputed = 0.5;

    /// <param name="parameters">The coordinates, in order.</param>
    public static double[] Of(Assignment assignment, IReadOnlyList<Parameter> parameters) =>
        [.. parameters.Select(p => assignment.Find(p.Path) is { } value ? PositionOf(p.Distribution, value) : Imputed)];

    /// <summary>The position; the middle where a value is of a kind that the distribution cannot place, as after an edit of the space.</summary>
    public static double PositionOf(Distribution distribution, ParameterValue value)
    {
        try
        {
            return distribution.Position(value);
        }
        catch (InvalidOperationException)
        {
            return Imputed;
        }
    }
}
