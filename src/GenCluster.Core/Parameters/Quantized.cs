using MessagePack;

namespace GenCluster.Core.Parameters;

/// <summary>
/// A real distribution rounded to steps: to the nearest of Origin, Origin ± Step, Origin ± 2 Step, … that lies within the
/// bounds. So, unlike with rounding alone, no value leaves them.
/// </summary>
/// <param name="Inner">A <see cref="Continuous"/> one.</param>
/// <param name="Step">Above zero.</param>
/// <param name="Integers">Whether values are integers; then so are Step and Origin.</param>
[MessagePackObject]
public sealed record Quantized(
    [property: Key(0)] Distribution Inner,
    [property: Key(1)] double Step,
    [property: Key(2)] bool Integers = false,
    [property: Key(3)] double Origin = 0) : Distribution
{
    private const double Farthest = 1L << 53; // integers that a double holds exactly
    private const long MostSteps = 1_000_000_000_000; // more are too narrow to have a position of their own each
    private const long MostStepsWithTails = 1_000_000; // in the tails they are narrower

    private Ends? ends; // found when they are first asked for: what came over the wire may have none

    private Quantized(Quantized other)
        : base(other)
    {
        (Inner, Step, Integers, Origin) = (other.Inner, other.Step, other.Integers, other.Origin);
    }

    [IgnoreMember]
    public override long? Count => Bounds.Last - Bounds.First + 1;

    [IgnoreMember]
    public override string? Fault => this switch
    {
        { Inner: not Continuous } => "steps of what is no real distribution",
        { Inner.Fault: { } inner } => inner,
        _ when !double.IsFinite(Step) || Step <= 0 || !double.IsFinite(Origin) => $"steps of {ParameterValue.Of(Step)} from {ParameterValue.Of(Origin)}",
        { Integers: true } when !double.IsInteger(Step) || !double.IsInteger(Origin) => $"integers in steps of {ParameterValue.Of(Step)} from {ParameterValue.Of(Origin)}",
        _ when !IsResolved => $"more steps of {ParameterValue.Of(Step)} than can be told apart",
        _ when Bounds.First > Bounds.Last => $"no step of {ParameterValue.Of(Step)} within its bounds",
        _ => null,
    };

    private Continuous Real => (Continuous)Inner;

    private Ends Bounds => ends ??= FindEnds();

    /// <summary>Whether each value is a number of its own, with a position of its own.</summary>
    private bool IsResolved => Bounds.Last - Bounds.First < (Real.Tail > 0 ? MostStepsWithTails : MostSteps)
        && Array.TrueForAll([Bounds.First, Bounds.Last], step => Math.Abs(step) < Farthest && Math.Abs(NumberAt(step)) < (Integers ? Farthest : double.MaxValue))
        && NumberAt(Bounds.First) < NumberAt(Bounds.First + 1) && NumberAt(Bounds.Last - 1) < NumberAt(Bounds.Last);

    /// <summary>One of min, min + step, …, up to max, each equally likely.</summary>
    public static Quantized Evenly(double min, double max, double step, bool integers)
    {
        double last = min + Math.Floor((max - min) / step * (1 + 1e-12)) * step; // three steps of 0.2 reach 0.6, but for rounding
        return new Quantized(new Uniform(min - step / 2, last + step / 2), step, integers, min);
    }

    public override ParameterValue Quantile(double u) => Value(Math.Clamp(Nearest(Real.At(u)), Bounds.First, Bounds.Last));

    public override double Position(ParameterValue value)
    {
        if (StepOf(value) is not { } step)
            return 0;
        double below = step == Bounds.First ? 0 : Real.Below(Edge(step - 1));
        double above = step == Bounds.Last ? 1 : Real.Below(Edge(step));
        return Unit.Inside((below + above) / 2);
    }

    public override bool Contains(ParameterValue value) => StepOf(value) is not null;

    public override string Describe() =>
        $"{(Inner is Uniform ? $"{Value(Bounds.First)} to {Value(Bounds.Last)}" : Inner.Describe())} in steps of {ParameterValue.Of(Step)}";

    public bool Equals(Quantized? other) =>
        other is not null && (Step, Integers, Origin) == (other.Step, other.Integers, other.Origin) && Equals(Inner, other.Inner);

    public override int GetHashCode() => HashCode.Combine(Inner, Step, Integers, Origin);

    private long? StepOf(ParameterValue value)
    {
        if (value.Kind != (Integers ? ParameterKind.Integer : ParameterKind.Number) || !double.IsFinite(value.AsNumber()))
            return null;
        long step = Nearest(value.AsNumber());
        return step >= Bounds.First && step <= Bounds.Last && Value(step) == value ? step : null;
    }

    private ParameterValue Value(long step) => Integers ? ParameterValue.Of((long)NumberAt(step)) : ParameterValue.Of(NumberAt(step));

    /// <summary>In decimal where that is possible: three steps of 0.1 are 0.3.</summary>
    private double NumberAt(long step)
    {
        const double Largest = 1e13, Smallest = 1e-13;
        return Step is > Smallest and < Largest && Math.Abs(step) < Largest && Math.Abs(Origin) < Largest
            ? (double)((decimal)Origin + step * (decimal)Step)
            : Origin + step * Step;
    }

    private double Edge(long step) => NumberAt(step) + Step / 2;

    private long Nearest(double x) => (long)Math.Clamp(Math.Round((x - Origin) / Step), -Farthest, Farthest);

    /// <summary>The first and last step within the bounds, without what only the farthest tails would give.</summary>
    private Ends FindEnds()
    {
        long first = Nearest(Real.At(Real.Tail)), last = Nearest(Real.At(1 - Real.Tail));
        first += NumberAt(first) < Real.Least ? 1 : 0;
        last -= NumberAt(last) > Real.Greatest ? 1 : 0;
        bool isEmpty = first > last || NumberAt(first) < Real.Least || NumberAt(last) > Real.Greatest;
        return isEmpty ? new Ends(first, first - 1) : new Ends(first, last);
    }

    private sealed record Ends(long First, long Last);
}
