using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>A distribution over real numbers.</summary>
public abstract record Continuous : Distribution
{
    /// <summary>The least value; minus infinity when there is none.</summary>
    [IgnoreMember]
    public abstract double Least { get; }

    /// <summary>The greatest value; infinity when there is none.</summary>
    [IgnoreMember]
    public abstract double Greatest { get; }

    /// <summary>How much of each end counts as never drawn when values are cut into steps; 0 where the density has no tails.</summary>
    internal virtual double Tail => 0;

    public sealed override ParameterValue Quantile(double u) => ParameterValue.Of(At(u));

    public sealed override double Position(ParameterValue value) => Contains(value) ? Unit.Inside(Below(value.Number)) : 0;

    public sealed override bool Contains(ParameterValue value) =>
        value.Kind is ParameterKind.Number && double.IsFinite(value.Number) && value.Number >= Least && value.Number <= Greatest;

    /// <summary>The quantile function.</summary>
    internal abstract double At(double u);

    /// <summary>The distribution function, for any number between the least and the greatest.</summary>
    internal abstract double Below(double x);

    private protected static string? FaultOfRange(double min, double max) =>
        double.IsFinite(min) && double.IsFinite(max) && min <= max ? null : $"a range from {ParameterValue.Of(min)} to {ParameterValue.Of(max)}";
}

/// <summary>A real number in [Min, Max].</summary>
[MessagePackObject]
public sealed record Uniform([property: Key(0)] double Min, [property: Key(1)] double Max) : Continuous
{
    [IgnoreMember]
    public override string? Fault => FaultOfRange(Min, Max);

    [IgnoreMember]
    public override double Least => Min;

    [IgnoreMember]
    public override double Greatest => Max;

    public override string Describe() => $"uniform {ParameterValue.Of(Min)} to {ParameterValue.Of(Max)}";

    // By halves, which is exact: Max - Min of two numbers need not be finite.
    internal override double At(double u) => Math.Clamp(2 * (Min / 2 + u * (Max / 2 - Min / 2)), Min, Max);

    internal override double Below(double x) => (x / 2 - Min / 2) / (Max / 2 - Min / 2);
}

/// <summary>A real number in [Min, Max] whose logarithm is uniform. Min is above zero.</summary>
[MessagePackObject]
public sealed record LogUniform([property: Key(0)] double Min, [property: Key(1)] double Max) : Continuous
{
    [IgnoreMember]
    public override string? Fault => Min > 0 ? FaultOfRange(Min, Max) : "a logarithm of what is not above zero";

    [IgnoreMember]
    public override double Least => Min;

    [IgnoreMember]
    public override double Greatest => Max;

    public override string Describe() => $"log-uniform {ParameterValue.Of(Min)} to {ParameterValue.Of(Max)}";

    internal override double At(double u) => Math.Clamp(Math.Exp(Math.Log(Min) + u * (Math.Log(Max) - Math.Log(Min))), Min, Max);

    internal override double Below(double x) => (Math.Log(x) - Math.Log(Min)) / (Math.Log(Max) - Math.Log(Min));
}
