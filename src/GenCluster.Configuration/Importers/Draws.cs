using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers;

/// <summary>
/// Makes distributions of what files of other tools say, with the checks and repairs that are the same for all of them. Null
/// after a mistake was reported.
/// </summary>
/// <param name="path">The parameter, for messages.</param>
internal sealed class Draws(SweepDraft draft, string path, Place place)
{
    public const int MostValues = 10_000;

    public Distribution? Uniform(double? min, double? max) => Range(min, max) switch
    {
        null => null,
        var (low, high) when low == high => Single(ParameterValue.Of(low)),
        var (low, high) => Sound(new Uniform(low, high)),
    };

    public Distribution? LogUniform(double? min, double? max) => Range(min, max) switch
    {
        null => null,
        ( <= 0, _) => Wrong($"min is {Number(min)}, which has no logarithm; write a number above 0"),
        var (low, high) when low == high => Single(ParameterValue.Of(low)),
        var (low, high) => Sound(new LogUniform(low, high)),
    };

    /// <summary>Integers, both ends included.</summary>
    public Distribution? Integers(long? min, long? max)
    {
        if (min is not { } low || max is not { } high)
            return null;
        if (low > high)
            return Wrong($"min ({low}) is above max ({high}); swap the two");
        return low == high ? Single(ParameterValue.Of(low)) : new IntUniform(low, high);
    }

    /// <summary>Integers whose logarithm is uniform.</summary>
    public Distribution? LogIntegers(long? min, long? max)
    {
        if (min is not { } low || max is not { } high)
            return null;
        return low == high ? Single(ParameterValue.Of(low)) : Sound(new IntLogUniform(low, high));
    }

    public Distribution? Normal(double? mean, double? deviation, double? min = null, double? max = null) =>
        mean is { } m && deviation is { } d ? Sound(new Normal(m, d, min, max)) : null;

    /// <summary>With mean and deviation of the logarithm, and bounds of the value itself.</summary>
    public Distribution? LogNormal(double? mean, double? deviation, double? min = null, double? max = null) =>
        mean is { } m && deviation is { } d ? Sound(new LogNormal(m, d, min, max)) : null;

    public Distribution? Beta(double? a, double? b) => a is { } first && b is { } second ? Sound(new Beta(first, second)) : null;

    /// <summary>What others round to multiples of a step. Rounding alone may leave the bounds; ours does not, which is said where it matters.</summary>
    public Distribution? Multiples(Distribution? inner, double? step, bool integers)
    {
        if (inner is not Continuous || step is not { } q)
            return inner; // a single value stays one
        if (inner is Uniform { Min: var min, Max: var max } && q > 0 && (Math.Round(min / q) * q < min - Slack(min) || Math.Round(max / q) * q > max + Slack(max)))
            draft.Warn(place, $"{path}: rounded to multiples of {Number(q)} some values would leave {Number(min)} to {Number(max)}; here none does");
        return Sound(new Quantized(inner, q, integers && double.IsInteger(q)));
    }

    /// <summary>One of min, min + step, … up to max, each equally likely.</summary>
    public Distribution? Evenly(double? min, double? max, double? step, bool integers)
    {
        if (Range(min, max) is not var (low, high) || step is not { } width)
            return null;
        if (!(width > 0) || !double.IsFinite(width) || (integers && !double.IsInteger(width)))
            return Wrong($"the step is {Number(width)}; write a {(integers ? "whole number of 1 or more" : "number above 0")}");
        if (high - low < width)
            return Single(integers ? ParameterValue.Of((long)low) : ParameterValue.Of(low));
        return integers && width == 1 ? Integers((long)low, (long)high) : Sound(Quantized.Evenly(low, high, width, integers));
    }

    /// <summary>One of a list of values. One that is there twice is twice as likely, which is carried as a probability.</summary>
    /// <param name="distinct">Whether equal values count once, as in a grid.</param>
    public Distribution? OneOf(IReadOnlyList<ParameterValue> values, IReadOnlyList<double>? probabilities = null, bool distinct = false)
    {
        if (values.Count is 0 or > MostValues)
            return Wrong(values.Count == 0 ? "there are no values; write at least one" : $"there are {values.Count} values; write at most {MostValues}");
        if (probabilities is not null && Weights(values, probabilities) is not { } _)
            return null;

        var merged = new Dictionary<ParameterValue, double>();
        var order = new List<ParameterValue>();
        for (int i = 0; i < values.Count; i++)
        {
            if (!merged.ContainsKey(values[i]))
                order.Add(values[i]);
            merged[values[i]] = merged.GetValueOrDefault(values[i]) + (probabilities?[i] ?? 1.0 / values.Count);
        }

        if (order.Count < values.Count)
            draft.Warn(place, $"{path}: a value is in the list twice; {(distinct ? "it is tried once" : "it is drawn as often as all of its places together")}");
        bool weighted = probabilities is not null || (order.Count < values.Count && !distinct);
        return new Categorical([.. order], weighted ? [.. order.Select(v => merged[v])] : null);
    }

    /// <summary>Numbers from a first one in equal steps: a list of values, since they need not be multiples of the step.</summary>
    /// <param name="including">Whether a value that hits the end is one of them.</param>
    public Distribution? Steps(double? start, double? end, double? step, bool integers, bool including)
    {
        if (start is not { } first || end is not { } last || step is not { } width)
            return null;
        if (width <= 0 || !double.IsFinite(width))
            return Wrong($"the step is {Number(width)}; write a number above 0");
        double slack = 1e-9 * Math.Max(1, Math.Abs((last - first) / width));
        double count = Math.Floor((last - first) / width + slack) + 1;
        if (!including && first + (count - 1) * width >= last - slack * width)
            count--;
        if (count is < 1 or > MostValues || !double.IsFinite(count))
            return Wrong($"from {Number(first)} to {Number(last)} in steps of {Number(width)} are {(count < 1 ? "no" : $"more than {MostValues}")} values; change the range or the step");
        var values = Enumerable.Range(0, (int)count).Select(i => Tidy(first + i * width));
        return OneOf([.. values.Select(v => integers ? ParameterValue.Of((long)Math.Round(v)) : ParameterValue.Of(v))]);
    }

    public void Say(string message) => draft.Warn(place, $"{path}: {message}");

    public Distribution? Wrong(string message)
    {
        draft.Error(place, DiagnosticCodes.ForeignSpace, $"{path}: {message}");
        return null;
    }

    public (double Low, double High)? Range(double? min, double? max)
    {
        if (min is not { } low || max is not { } high)
            return null;
        if (double.IsFinite(low) && double.IsFinite(high) && low <= high)
            return (low, high);
        Wrong(low > high ? $"min ({Number(low)}) is above max ({Number(high)}); swap the two" : "the bounds are not finite; write numbers");
        return null;
    }

    public static string Number(double? number) => ParameterValue.Of(number ?? 0).ToString();

    public Distribution? Sound(Distribution distribution) =>
        distribution.Fault is { } fault ? Wrong($"this is {fault}, from which nothing can be drawn; change its numbers") : distribution;

    private static double Slack(double bound) => 1e-9 * Math.Max(1e-3, Math.Abs(bound));

    private Constant Single(ParameterValue value)
    {
        draft.Warn(place, $"{path}: min and max are the same; it is the fixed value {value}");
        return new Constant(value);
    }

    private IReadOnlyList<double>? Weights(IReadOnlyList<ParameterValue> values, IReadOnlyList<double> probabilities)
    {
        double sum = probabilities.Sum();
        if (probabilities.Count != values.Count)
            Wrong($"{probabilities.Count} probabilities for {values.Count} values; write one for each value");
        else if (probabilities.Any(p => p is not (>= 0 and <= 1)) || Math.Abs(sum - 1) > 1e-6)
            Wrong($"the probabilities sum to {Number(Math.Round(sum, 9))}; write numbers from 0 to 1 that sum to 1");
        else
            return probabilities;
        return null;
    }

    // 0.1 + 2 * 0.1 is meant to be 0.3.
    private static double Tidy(double value) => Math.Abs(value) < 1e9 ? (double)Math.Round((decimal)value, 12) : value;
}
