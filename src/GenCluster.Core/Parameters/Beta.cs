using GenCluster.Core.Parameters.Quantiles;
using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>A real number in [0, 1] from the beta distribution with density x^(A-1) (1-x)^(B-1) / B(A, B).</summary>
[MessagePackObject]
public sealed record Beta([property: Key(0)] double A, [property: Key(1)] double B) : Continuous
{
    public const double LeastShape = 0.01;
    public const double GreatestShape = 10_000;

    [IgnoreMember]
    public override string? Fault => IsShape(A) && IsShape(B) ? null : $"a beta distribution of shape {ParameterValue.Of(A)} and {ParameterValue.Of(B)}";

    [IgnoreMember]
    public override double Least => 0;

    [IgnoreMember]
    public override double Greatest => 1;

    internal override double Tail => 1e-9;

    public override string Describe() => $"beta {ParameterValue.Of(A)}, {ParameterValue.Of(B)}";

    internal override double At(double u) => IncompleteBeta.Quantile(u, A, B);

    internal override double Below(double x) => IncompleteBeta.Below(x, A, B);

    private static bool IsShape(double shape) => shape is >= LeastShape and <= GreatestShape;
}
