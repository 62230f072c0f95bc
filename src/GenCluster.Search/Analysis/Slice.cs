using GenCluster.Core.Parameters;

namespace GenCluster.Search.Analysis;

/// <summary>All trials seen along one hyperparameter.</summary>
/// <param name="Points">Of the trials that have it, by number.</param>
public sealed record Slice(Axis Axis, IReadOnlyList<SlicePoint> Points)
{
    public static IReadOnlyList<Slice> Of(ParameterSpace space, IReadOnlyList<Contender> contenders) =>
        [.. space.Parameters.Select(p => new Slice(Axis.Of(p), [.. Along(p, contenders)]))];

    private static IEnumerable<SlicePoint> Along(Parameter parameter, IEnumerable<Contender> contenders) =>
        from one in contenders
        let value = one.Assignment.Find(parameter.Path)
        where value is not null
        select new SlicePoint(one.Trial, UnitPoints.PositionOf(parameter.Distribution, value.Value), value.Value, one.Values[0], one.IsComplete);
}

/// <summary>A trial in a slice.</summary>
/// <param name="Position">On the axis.</param>
/// <param name="Complete">Whether it was trained to its end.</param>
public sealed record SlicePoint(int Trial, double Position, ParameterValue Value, double Objective, bool Complete);
