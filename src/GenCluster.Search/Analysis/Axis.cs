using GenCluster.Core.Parameters;

namespace GenCluster.Search.Analysis;

/// <summary>A hyperparameter as an axis of a chart. A place on it is a position in the hyperparameter's distribution, from 0 to 1.</summary>
/// <param name="IsOrdered">Whether values next to each other are similar; false for a choice.</param>
/// <param name="Ticks">Values and where they are: all of a choice, else some that spread over the axis.</param>
public sealed record Axis(string Path, string Distribution, bool IsOrdered, IReadOnlyList<Tick> Ticks)
{
    private const int MostTicks = 5;
    private const int MostChoices = 50;

    public static Axis Of(Parameter parameter)
    {
        var distribution = parameter.Distribution;
        IEnumerable<ParameterValue> values = distribution is Categorical choice
            ? choice.Values.Take(MostChoices)
            : Enumerable.Range(0, MostTicks).Select(i => distribution.Quantile(Math.Min((double)i / (MostTicks - 1), Math.BitDecrement(1.0)))).Distinct();
        return new Axis(parameter.Path, distribution.Describe(), distribution.IsOrdered, [.. values.Select(v => new Tick(UnitPoints.PositionOf(distribution, v), v))]);
    }
}

/// <summary>A value and where it is on its axis.</summary>
public sealed record Tick(double Position, ParameterValue Value);
