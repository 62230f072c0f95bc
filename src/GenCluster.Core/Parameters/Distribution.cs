using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>
/// How a hyperparameter's value is drawn, by its quantile function: one uniform number in, one value out. So every
/// sampler that works on the unit cube works on every distribution. All bounds are inclusive.
/// </summary>
[Union(0, typeof(Constant))]
[Union(1, typeof(Categorical))]
[Union(2, typeof(Uniform))]
[Union(3, typeof(LogUniform))]
[Union(4, typeof(IntUniform))]
public abstract record Distribution
{
    /// <summary>The quantile function.</summary>
    /// <param name="u">A number in [0, 1).</param>
    public abstract ParameterValue Quantile(double u);

    /// <summary>Whether the distribution can give this value.</summary>
    public abstract bool Contains(ParameterValue value);

    /// <summary>The distribution in one short phrase, for plans and tables.</summary>
    public abstract string Describe();
}

/// <summary>Always the same value.</summary>
[MessagePackObject]
public sealed record Constant([property: Key(0)] ParameterValue Value) : Distribution
{
    public override ParameterValue Quantile(double u) => Value;

    public override bool Contains(ParameterValue value) => value == Value;

    public override string Describe() => $"{Value}";
}

/// <summary>One of a list of values, equally likely or by weight.</summary>
/// <param name="Values">At least one value.</param>
/// <param name="Probabilities">Null, or one probability per value, summing to 1.</param>
[MessagePackObject]
public sealed record Categorical([property: Key(0)] ParameterValue[] Values, [property: Key(1)] double[]? Probabilities) : Distribution
{
    public override ParameterValue Quantile(double u)
    {
        if (Probabilities is null)
            return Values[Math.Min((int)(u * Values.Length), Values.Length - 1)];

        double sum = 0;
        int last = 0;
        for (int i = 0; i < Values.Length; i++)
        {
            if (Probabilities[i] <= 0)
                continue;
            last = i; // rounding of the sum must never select a value of weight zero
            sum += Probabilities[i];
            if (u < sum)
                return Values[i];
        }

        return Values[last];
    }

    public override bool Contains(ParameterValue value) => Values.Index().Any(v => v.Item == value && Probabilities?[v.Index] is not <= 0);

    public override string Describe() => $"one of {string.Join(", ", Values)}";

    public bool Equals(Categorical? other) =>
        other is not null && Values.AsSpan().SequenceEqual(other.Values) && (Probabilities ?? []).AsSpan().SequenceEqual(other.Probabilities ?? []);

    public override int GetHashCode() => Values.Aggregate(Values.Length, HashCode.Combine);
}

/// <summary>A real number in [Min, Max].</summary>
[MessagePackObject]
public sealed record Uniform([property: Key(0)] double Min, [property: Key(1)] double Max) : Distribution
{
    // By halves, which is exact: Max - Min of two numbers need not be finite.
    public override ParameterValue Quantile(double u) => ParameterValue.Of(Math.Clamp(2 * (Min / 2 + u * (Max / 2 - Min / 2)), Min, Max));

    public override bool Contains(ParameterValue value) => value.Kind is ParameterKind.Number && value.Number >= Min && value.Number <= Max;

    public override string Describe() => $"uniform {ParameterValue.Of(Min)} to {ParameterValue.Of(Max)}";
}

/// <summary>A real number in [Min, Max] whose logarithm is uniform. Min is above zero.</summary>
[MessagePackObject]
public sealed record LogUniform([property: Key(0)] double Min, [property: Key(1)] double Max) : Distribution
{
    public override ParameterValue Quantile(double u) =>
        ParameterValue.Of(Math.Clamp(Math.Exp(Math.Log(Min) + u * (Math.Log(Max) - Math.Log(Min))), Min, Max));

    public override bool Contains(ParameterValue value) => value.Kind is ParameterKind.Number && value.Number >= Min && value.Number <= Max;

    public override string Describe() => $"log-uniform {ParameterValue.Of(Min)} to {ParameterValue.Of(Max)}";
}

/// <summary>An integer in [Min, Max], both ends included.</summary>
[MessagePackObject]
public sealed record IntUniform([property: Key(0)] long Min, [property: Key(1)] long Max) : Distribution
{
    // The width is taken in decimal: Max - Min + 1 of two longs need not fit a long.
    public override ParameterValue Quantile(double u) =>
        ParameterValue.Of((long)Math.Min(Max, Min + Math.Floor((decimal)u * ((decimal)Max - Min + 1))));

    public override bool Contains(ParameterValue value) => value.Kind is ParameterKind.Integer && value.Integer >= Min && value.Integer <= Max;

    public override string Describe() => $"integer {Min} to {Max}";
}
