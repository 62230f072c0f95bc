using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>An integer in [Min, Max], both ends included.</summary>
[MessagePackObject]
public sealed record IntUniform([property: Key(0)] long Min, [property: Key(1)] long Max) : Distribution
{
    // The width is taken in decimal: Max - Min + 1 of two longs need not fit a long.
    public override ParameterValue Quantile(double u) =>
        ParameterValue.Of((long)Math.Min(Max, Min + Math.Floor((decimal)u * ((decimal)Max - Min + 1))));

    public override double Position(ParameterValue value) =>
        Contains(value) ? Unit.Inside((double)(((decimal)value.Integer - Min + 0.5m) / ((decimal)Max - Min + 1))) : 0;

    public override bool Contains(ParameterValue value) => value.Kind is ParameterKind.Integer && value.Integer >= Min && value.Integer <= Max;

    [IgnoreMember]
    public override long? Count => (decimal)Max - Min + 1 is var count && count <= long.MaxValue ? (long)count : null;

    [IgnoreMember]
    public override string? Fault => Min <= Max ? null : $"a range from {Min} to {Max}";

    public override string Describe() => $"integer {Min} to {Max}";
}

/// <summary>
/// An integer in [Min, Max] whose logarithm is uniform: the nearest one to a log-uniform real number in
/// [Min - 1/2, Max + 1/2], so that both ends have a whole interval. Min is above zero.
/// </summary>
[MessagePackObject]
public sealed record IntLogUniform([property: Key(0)] long Min, [property: Key(1)] long Max) : Distribution
{
    /// <summary>Beyond it, neighbours are too near for logarithms to tell them apart.</summary>
    public const long Largest = 1_000_000_000_000;

    private double Low => Math.Log(Min - 0.5);

    private double Width => Math.Log(Max + 0.5) - Low;

    [IgnoreMember]
    public override long? Count => Max - Min + 1;

    [IgnoreMember]
    public override string? Fault => Min >= 1 && Min <= Max && Max <= Largest ? null : $"a logarithmic range from {Min} to {Max}";

    public override ParameterValue Quantile(double u) => ParameterValue.Of(Math.Clamp((long)Math.Round(Math.Exp(Low + u * Width)), Min, Max));

    public override double Position(ParameterValue value) => Contains(value) ? Unit.Inside((Below(value.Integer - 0.5) + Below(value.Integer + 0.5)) / 2) : 0;

    public override bool Contains(ParameterValue value) => value.Kind is ParameterKind.Integer && value.Integer >= Min && value.Integer <= Max;

    public override string Describe() => $"log-uniform integer {Min} to {Max}";

    private double Below(double x) => (Math.Log(x) - Low) / Width;
}
