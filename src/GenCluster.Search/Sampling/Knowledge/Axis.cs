using GenCluster.Core.Parameters;

namespace GenCluster.Search.Sampling.Knowledge;

/// <summary>
/// A hyperparameter as a model of the objective sees it. The coordinate of an ordered value is its position in [0, 1), that of
/// a choice its index.
/// </summary>
internal sealed class Axis
{
    private readonly Dictionary<ParameterValue, int> indices;
    private readonly double[] positions; // of choices

    public Axis(Parameter parameter)
    {
        Parameter = parameter;
        var choices = parameter.Distribution.IsOrdered ? [] : DiscreteValues.Of(parameter.Distribution).ToArray();
        Choices = [.. choices.Select(c => c.Value)];
        Shares = [.. choices.Select(c => c.Share)];
        positions = [.. Choices.Select(parameter.Distribution.Position)];
        indices = Choices.Index().ToDictionary(c => c.Item, c => c.Index, SameValue.Comparer);
        HalfWidth = IsChoice || parameter.Distribution.Count is not { } count ? 0 : 0.5 / count;
    }

    public Parameter Parameter { get; }

    /// <summary>The values of a choice; none when it is ordered.</summary>
    public IReadOnlyList<ParameterValue> Choices { get; }

    /// <summary>How likely each of them is.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>Half of one value's share of the interval when all are equally likely; 0 when they are real numbers.</summary>
    public double HalfWidth { get; }

    public bool IsChoice => Choices.Count > 0;

    public bool IsReal => !IsChoice && HalfWidth == 0;

    /// <summary>The coordinate of a value; null when the hyperparameter cannot have it.</summary>
    public double? Locate(ParameterValue value)
    {
        if (IsChoice)
            return indices.TryGetValue(value, out int index) ? index : null;
        return Parameter.Distribution.Contains(value) ? Parameter.Distribution.Position(value) : null;
    }

    public ParameterValue ValueAt(double coordinate) => IsChoice ? Choices[(int)coordinate] : Parameter.Distribution.Quantile(coordinate);

    /// <summary>The coordinate of the value that is there.</summary>
    public double Snap(double coordinate) => HalfWidth == 0 ? coordinate : Parameter.Distribution.Position(Parameter.Distribution.Quantile(coordinate));

    /// <summary>The coordinate of the value at a point of the unit interval.</summary>
    public double At(double u) => IsChoice ? indices[Parameter.Distribution.Quantile(u)] : Snap(u);

    /// <summary>A point of the unit interval at which the coordinate's value is.</summary>
    public double PositionOf(double coordinate) => IsChoice ? positions[(int)coordinate] : coordinate;
}
