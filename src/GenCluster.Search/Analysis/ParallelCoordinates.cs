using GenCluster.Core.Parameters;

namespace GenCluster.Search.Analysis;

/// <summary>All trials as lines across one axis for each hyperparameter, and their objectives.</summary>
public sealed record ParallelCoordinates(IReadOnlyList<Axis> Axes, IReadOnlyList<CoordinateLine> Lines)
{
    public static ParallelCoordinates Of(ParameterSpace space, IReadOnlyList<Contender> contenders) => new(
        [.. space.Parameters.Select(Axis.Of)],
        [.. contenders.Select(c => new CoordinateLine(c.Trial, [.. space.Parameters.Select(p => PlaceOf(c, p))], c.Values, c.IsComplete))]);

    private static double? PlaceOf(Contender one, Parameter parameter) =>
        one.Assignment.Find(parameter.Path) is { } value ? UnitPoints.PositionOf(parameter.Distribution, value) : null;
}

/// <summary>A trial as a line.</summary>
/// <param name="Positions">On each axis, in their order; null where the trial does not have that hyperparameter.</param>
/// <param name="Objectives">In the order of the sweep's objectives.</param>
/// <param name="Complete">Whether it was trained to its end.</param>
public sealed record CoordinateLine(int Trial, IReadOnlyList<double?> Positions, IReadOnlyList<double> Objectives, bool Complete);
