using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Exporters;

/// <summary>Distributions in Katib's words: bounds, steps and lists, all of them texts.</summary>
internal static class KatibDistribution
{
    private const double Deviations = 6;

    /// <summary>An item of <c>spec.parameters</c>; null after a fault was said.</summary>
    public static YamlMap? Write(Parameter parameter, ExportNotes notes)
    {
        if (Of(parameter, notes) is var (type, space))
            return new YamlMap { { "name", parameter.Path }, { "parameterType", type }, { "feasibleSpace", space } };
        notes.Fault($"parameters.{parameter.Path}: Katib has nothing like '{parameter.Distribution.Describe()}'; change it to uniform, log-uniform, values or steps");
        return null;
    }

    private static (string Type, YamlMap Space)? Of(Parameter parameter, ExportNotes notes) => parameter.Distribution switch
    {
        Constant constant => Listed([constant.Value], parameter.Path, notes),
        Categorical choice => Listed(choice, parameter.Path, notes),
        Uniform real => ("double", Range(real.Min, real.Max)),
        LogUniform real => ("double", Range(real.Min, real.Max, distribution: "logUniform")),
        IntUniform integers => ("int", IntRange(integers.Min, integers.Max)),
        IntLogUniform integers => ("int", IntRange(integers.Min, integers.Max, "logUniform")),
        Quantized steps => Stepped(steps) is { } space ? (steps.Integers ? "int" : "double", space) : null,
        Normal or LogNormal => Bell(parameter.Distribution, null, isInteger: false) is { } space ? ("double", space) : null,
        _ => null,
    };

    private static (string, YamlMap) Listed(Categorical choice, string path, ExportNotes notes)
    {
        if (choice.Probabilities is not null)
            notes.Note($"parameters.{path}: Katib has no probabilities; all values are equally likely");
        return Listed(choice.Values, path, notes);
    }

    /// <summary>Numbers are discrete, integers if all are; with anything else all are texts.</summary>
    private static (string, YamlMap) Listed(ParameterValue[] values, string path, ExportNotes notes)
    {
        bool areNumbers = Array.TrueForAll(values, v => v.Kind is ParameterKind.Number or ParameterKind.Integer);
        bool areIntegers = Array.TrueForAll(values, v => v.Kind is ParameterKind.Integer);
        if (areNumbers && !areIntegers && Array.Exists(values, v => v.Kind is ParameterKind.Integer))
            notes.Note($"parameters.{path}: integers and real numbers are all real numbers to Katib");
        else if (!areNumbers && Array.Exists(values, v => v.Kind is not ParameterKind.Text))
            notes.Note($"parameters.{path}: numbers and flags beside texts are texts to Katib");
        var texts = values.Select(v => (object)(areNumbers && !areIntegers ? YamlText.Scalar(ParameterValue.Of(v.AsNumber())) : v.ToString())).ToList();
        return (areNumbers ? "discrete" : "categorical", new YamlMap { { "list", texts } });
    }

    private static YamlMap? Stepped(Quantized steps) => steps.Inner switch
    {
        Uniform real when Same(real.Min, steps.Origin - steps.Step / 2) => steps.Integers
            ? IntRange((long)steps.Origin, (long)Math.Round(real.Max - steps.Step / 2), step: (long)steps.Step)
            : Range(steps.Origin, real.Max - steps.Step / 2, steps.Step),
        LogUniform real when real.Min == steps.Origin => steps.Integers
            ? IntRange((long)real.Min, (long)real.Max, "logUniform", (long)steps.Step)
            : Range(real.Min, real.Max, steps.Step, "logUniform"),
        Normal real when real.Min == steps.Origin => Bell(real, steps.Step, steps.Integers),
        LogNormal real when real.Min == steps.Origin => Bell(real, steps.Step, steps.Integers),
        _ => null,
    };

    /// <summary>A normal distribution is Katib's when its mean is in the middle of its bounds and they are three deviations away.</summary>
    private static YamlMap? Bell(Distribution distribution, double? step, bool isInteger)
    {
        var (name, mean, deviation, min, max) = distribution switch
        {
            Normal n => ("normal", n.Mean, n.Deviation, n.Min, n.Max),
            LogNormal n => ("logNormal", n.Mean, n.Deviation, n.Min, n.Max),
            _ => throw new ArgumentOutOfRangeException(nameof(distribution), distribution, "no normal distribution"),
        };
        if (min is not { } low || max is not { } high)
            return null;
        var (from, to) = name is "normal" ? (low, high) : (Math.Log(low), Math.Log(high));
        if (!Same(mean, (from + to) / 2) || !Same(deviation, (to - from) / Deviations))
            return null;
        return isInteger ? IntRange((long)low, (long)high, name, (long)(step ?? 1)) : Range(low, high, step, name);
    }

    private static YamlMap Range(double min, double max, double? step = null, string? distribution = null) => new()
    {
        { "min", Text(min) },
        { "max", Text(max) },
        { "step", step is { } width ? Text(width) : null },
        { "distribution", distribution },
    };

    private static YamlMap IntRange(long min, long max, string? distribution = null, long step = 1) => new()
    {
        { "min", ParameterValue.Of(min).ToString() },
        { "max", ParameterValue.Of(max).ToString() },
        { "step", step == 1 ? null : ParameterValue.Of(step).ToString() },
        { "distribution", distribution },
    };

    private static string Text(double value) => ParameterValue.Of(value).ToString();

    private static bool Same(double a, double b) => Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a));
}
