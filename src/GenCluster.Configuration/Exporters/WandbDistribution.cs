using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Exporters;

/// <summary>Distributions in W&amp;B's words.</summary>
internal static class WandbDistribution
{
    private const int MostValues = 1000;

    /// <summary>The parameter's map; null after a fault was said.</summary>
    public static YamlMap? Write(Parameter parameter, ExportNotes notes)
    {
        if (Of(parameter.Distribution, notes, parameter.Path) is { } map)
            return map;
        notes.Fault($"parameters.{parameter.Path}: W&B has nothing like '{parameter.Distribution.Describe()}'; change it to a distribution of W&B");
        return null;
    }

    private static YamlMap? Of(Distribution distribution, ExportNotes notes, string path) => distribution switch
    {
        Constant constant => new YamlMap { { "value", constant.Value as object } },
        Categorical { Probabilities: null } choice => new YamlMap { { "values", List(choice.Values) } },
        Categorical choice => new YamlMap { { "values", List(choice.Values) }, { "probabilities", List(choice.Probabilities!.Select(ParameterValue.Of)) } },
        IntUniform integers => new YamlMap { { "distribution", "int_uniform" }, { "min", integers.Min }, { "max", integers.Max } },
        Quantized steps when IsMultiples(steps) => OfReal(steps.Inner) is { } inner ? Stepped(inner, steps) : null,
        Quantized { Count: <= MostValues } steps => Listed(steps, notes, path),
        IntLogUniform integers => LogIntegers(integers, notes, path),
        _ => OfReal(distribution),
    };

    private static YamlMap? OfReal(Distribution distribution) => distribution switch
    {
        Uniform real => new YamlMap { { "distribution", "uniform" }, { "min", real.Min }, { "max", real.Max } },
        LogUniform real => new YamlMap { { "distribution", "log_uniform_values" }, { "min", real.Min }, { "max", real.Max } },
        Normal { Min: null, Max: null } normal => new YamlMap { { "distribution", "normal" }, { "mu", normal.Mean }, { "sigma", normal.Deviation } },
        LogNormal { Min: null, Max: null } normal => new YamlMap { { "distribution", "log_normal" }, { "mu", normal.Mean }, { "sigma", normal.Deviation } },
        Beta beta => new YamlMap { { "distribution", "beta" }, { "a", beta.A }, { "b", beta.B } },
        _ => null,
    };

    private static bool IsMultiples(Quantized steps) => Math.Abs(Math.IEEERemainder(steps.Origin, steps.Step)) <= 1e-9 * steps.Step;

    /// <summary>An integer as a step makes integers of the values, a real number real ones.</summary>
    private static YamlMap Stepped(YamlMap inner, Quantized steps)
    {
        var map = new YamlMap();
        foreach (var (key, value) in inner)
            map.Add(key, key is "distribution" ? $"q_{value}" : value);
        map.Add("q", steps.Integers ? ParameterValue.Of((long)steps.Step) : ParameterValue.Of(steps.Step) as object);
        return map;
    }

    private static YamlMap Listed(Quantized steps, ExportNotes notes, string path)
    {
        long count = steps.Count!.Value;
        var values = Enumerable.Range(0, (int)count).Select(i => steps.Quantile((i + 0.5) / count)).Distinct().ToList();
        notes.Note($"parameters.{path}: W&B's steps begin at zero; the {values.Count} values are listed, and no longer ordered or weighted");
        return new YamlMap { { "values", List(values) } };
    }

    private static YamlMap LogIntegers(IntLogUniform integers, ExportNotes notes, string path)
    {
        notes.Note($"parameters.{path}: W&B has no logarithmic integers; q_log_uniform_values is nearly the same");
        return new YamlMap { { "distribution", "q_log_uniform_values" }, { "min", (double)integers.Min }, { "max", (double)integers.Max }, { "q", 1L } };
    }

    private static List<object> List(IEnumerable<ParameterValue> values) => [.. values.Cast<object>()];
}
