using GenCluster.Core.Parameters.Quantiles;
using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>A real number from the normal distribution; with bounds from what lies between them, as if others were drawn again.</summary>
/// <param name="Deviation">The standard deviation, above zero.</param>
/// <param name="Min">Null: no lower bound.</param>
/// <param name="Max">Null: no upper bound.</param>
[MessagePackObject]
public sealed record Normal(
    [property: Key(0)] double Mean, [property: Key(1)] double Deviation, [property: Key(2)] double? Min = null, [property: Key(3)] double? Max = null) : Continuous
{
    // The smallest uniform number above zero that a stream gives is 2^-53: nothing is drawn beyond 8.3 deviations.
    private const double FirstDraw = 1.0 / (1L << 54);

    [IgnoreMember]
    public override string? Fault => this switch
    {
        _ when !double.IsFinite(Mean) || !double.IsFinite(Deviation) || Deviation <= 0 || !double.IsFinite(Math.Abs(Mean) + 10 * Deviation) =>
            $"a normal distribution of mean {ParameterValue.Of(Mean)} and deviation {ParameterValue.Of(Deviation)}",
        _ when FaultOfRange(Min ?? -double.MaxValue, Max ?? double.MaxValue) is { } range => range,
        _ when !(Between > 0) => "bounds so far from the mean that nothing lies between them",
        _ => null,
    };

    [IgnoreMember]
    public override double Least => Min ?? double.NegativeInfinity;

    [IgnoreMember]
    public override double Greatest => Max ?? double.PositiveInfinity;

    internal override double Tail => 1e-9;

    /// <summary>Both bounds lie above the mean: small probabilities are then those of the upper side, which are exact by symmetry.</summary>
    private bool IsAbove => Least > Mean;

    private double Between => IsAbove ? Upper(Least) - Upper(Greatest) : Lower(Greatest) - Lower(Least);

    public override string Describe() => $"normal {ParameterValue.Of(Mean)} ± {ParameterValue.Of(Deviation)}{DescribeBounds()}";

    internal string DescribeBounds() => (Min, Max) switch
    {
        ({ } min, { } max) => $" within {ParameterValue.Of(min)} to {ParameterValue.Of(max)}",
        ({ } min, null) => $" from {ParameterValue.Of(min)}",
        (null, { } max) => $" up to {ParameterValue.Of(max)}",
        _ => "",
    };

    internal override double At(double u)
    {
        u = Math.Max(u, FirstDraw);
        double z = IsAbove
            ? -StandardNormal.Quantile(Upper(Greatest) + (1 - u) * Between)
            : StandardNormal.Quantile(Math.Min(Lower(Least) + u * Between, Math.BitDecrement(1.0))); // the sum may round to 1
        return Math.Clamp(Mean + Deviation * z, Math.Max(Least, -double.MaxValue), Math.Min(Greatest, double.MaxValue));
    }

    internal override double Below(double x) => IsAbove ? (Upper(Least) - Upper(x)) / Between : (Lower(x) - Lower(Least)) / Between;

    private double Lower(double x) => StandardNormal.Below((x - Mean) / Deviation);

    private double Upper(double x) => StandardNormal.Below((Mean - x) / Deviation);
}

/// <summary>A real number above zero whose logarithm is normal.</summary>
/// <param name="Mean">Of the logarithm.</param>
/// <param name="Deviation">Of the logarithm, above zero.</param>
/// <param name="Min">Of the value itself, above zero; null: no lower bound.</param>
/// <param name="Max">Of the value itself; null: no upper bound.</param>
[MessagePackObject]
public sealed record LogNormal(
    [property: Key(0)] double Mean, [property: Key(1)] double Deviation, [property: Key(2)] double? Min = null, [property: Key(3)] double? Max = null) : Continuous
{
    private const double LargestLogarithm = 700; // exp of more is no number

    [IgnoreMember]
    public override string? Fault => this switch
    {
        { Min: <= 0 } => "a logarithm of what is not above zero",
        _ when !(Math.Abs(Mean) + 10 * Deviation < LargestLogarithm) =>
            $"a log-normal distribution of mean {ParameterValue.Of(Mean)} and deviation {ParameterValue.Of(Deviation)}",
        _ => FaultOfRange(Min ?? double.Epsilon, Max ?? double.MaxValue) ?? Logarithm.Fault,
    };

    [IgnoreMember]
    public override double Least => Min ?? double.Epsilon;

    [IgnoreMember]
    public override double Greatest => Max ?? double.MaxValue;

    internal override double Tail => Logarithm.Tail;

    private Normal Logarithm => new(Mean, Deviation, Min is { } min ? Math.Log(min) : null, Max is { } max ? Math.Log(max) : null);

    public override string Describe() =>
        $"log-normal {ParameterValue.Of(Mean)} ± {ParameterValue.Of(Deviation)}{new Normal(Mean, Deviation, Min, Max).DescribeBounds()}";

    internal override double At(double u) => Math.Clamp(Math.Exp(Logarithm.At(u)), Least, Greatest);

    internal override double Below(double x) => x > 0 ? Logarithm.Below(Math.Log(x)) : 0;
}
