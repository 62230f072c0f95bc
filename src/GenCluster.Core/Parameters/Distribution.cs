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
[Union(5, typeof(Normal))]
[Union(6, typeof(LogNormal))]
[Union(7, typeof(Beta))]
[Union(8, typeof(IntLogUniform))]
[Union(9, typeof(Quantized))]
public abstract record Distribution
{
    /// <summary>The quantile function.</summary>
    /// <param name="u">A number in [0, 1).</param>
    public abstract ParameterValue Quantile(double u);

    /// <summary>
    /// Where the value lies in the unit interval: the distribution function, and for values that have a part of the interval
    /// to themselves its middle. So <c>Quantile(Position(v))</c> is v, up to rounding for real numbers.
    /// </summary>
    /// <returns>A number in [0, 1); 0 when the distribution cannot give the value.</returns>
    public abstract double Position(ParameterValue value);

    /// <summary>Whether the distribution can give this value.</summary>
    public abstract bool Contains(ParameterValue value);

    /// <summary>How many values there are; null when they are real numbers, or too many to count in a long.</summary>
    [IgnoreMember]
    public virtual long? Count => null;

    /// <summary>Whether values next to each other are similar, as numbers are; false for a choice.</summary>
    [IgnoreMember]
    public virtual bool IsOrdered => true;

    /// <summary>Why no value can be drawn from it, in words that follow the name of what has it; null when it is sound.</summary>
    [IgnoreMember]
    public virtual string? Fault => null;

    /// <summary>The distribution in one short phrase, for plans and tables.</summary>
    public abstract string Describe();
}

/// <summary>Always the same value.</summary>
[MessagePackObject]
public sealed record Constant([property: Key(0)] ParameterValue Value) : Distribution
{
    public override ParameterValue Quantile(double u) => Value;

    public override double Position(ParameterValue value) => 0.5;

    public override bool Contains(ParameterValue value) => value == Value;

    [IgnoreMember]
    public override long? Count => 1;

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

    public override double Position(ParameterValue value)
    {
        double below = 0;
        for (int i = 0; i < Values.Length; i++)
        {
            double width = Probabilities?[i] ?? 1.0 / Values.Length;
            if (Values[i] == value && width > 0)
                return below + width / 2;
            below += Math.Max(0, width);
        }

        return 0;
    }

    [IgnoreMember]
    public override string? Fault => this switch
    {
        { Values: not { Length: > 0 } } => "a choice without values",
        { Probabilities: { } p } when p.Length != Values.Length => $"{p.Length} probabilities for {Values.Length} values",
        { Probabilities: { } p } when !Array.TrueForAll(p, w => w is >= 0 and <= 1) || !Array.Exists(p, w => w > 0) =>
            "probabilities that are none",
        _ => null,
    };

    public override bool Contains(ParameterValue value) => Values.Index().Any(v => v.Item == value && Probabilities?[v.Index] is not <= 0);

    [IgnoreMember]
    public override long? Count => Values.Index().Count(v => Probabilities?[v.Index] is not <= 0);

    [IgnoreMember]
    public override bool IsOrdered => false;

    public override string Describe() => $"one of {string.Join(", ", Values)}";

    public bool Equals(Categorical? other) =>
        other is not null && Values.AsSpan().SequenceEqual(other.Values) && (Probabilities ?? []).AsSpan().SequenceEqual(other.Probabilities ?? []);

    public override int GetHashCode() => Values.Aggregate(Values.Length, HashCode.Combine);
}
