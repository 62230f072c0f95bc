using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Exporters;

/// <summary>Distributions in the words of our own sweep files.</summary>
internal static class OwnDistribution
{
    /// <summary>The parameter's map; null after a fault was said.</summary>
    public static YamlMap? Write(Parameter parameter, ExportNotes notes)
    {
        if (Of(parameter.Distribution) is { } map)
        {
            map.Add("when", parameter.When?.Text);
            return map;
        }

        notes.Fault($"parameters.{parameter.Path}: a sweep file has no words for '{parameter.Distribution.Describe()}'");
        return null;
    }

    private static YamlMap? Of(Distribution distribution) => distribution switch
    {
        Constant constant => new YamlMap { { "value", constant.Value as object } },
        Categorical choice => new YamlMap
        {
            { "values", List(choice.Values) },
            { "probabilities", choice.Probabilities is { } weights ? List(weights.Select(ParameterValue.Of)) : null },
        },
        IntUniform integers => new YamlMap { { "distribution", "int_uniform" }, { "min", integers.Min }, { "max", integers.Max } },
        IntLogUniform integers => new YamlMap { { "distribution", "int_log_uniform" }, { "min", integers.Min }, { "max", integers.Max } },
        Quantized steps => Stepped(steps),
        _ => OfReal(distribution),
    };

    private static YamlMap? OfReal(Distribution distribution) => distribution switch
    {
        Uniform real => new YamlMap { { "distribution", "uniform" }, { "min", real.Min }, { "max", real.Max } },
        LogUniform real => new YamlMap { { "distribution", "log_uniform_values" }, { "min", real.Min }, { "max", real.Max } },
        Normal n => new YamlMap { { "distribution", "normal" }, { "mu", n.Mean }, { "sigma", n.Deviation }, { "min", n.Min }, { "max", n.Max } },
        LogNormal n => new YamlMap { { "distribution", "log_normal" }, { "mu", n.Mean }, { "sigma", n.Deviation }, { "min", n.Min }, { "max", n.Max } },
        Beta beta => new YamlMap { { "distribution", "beta" }, { "a", beta.A }, { "b", beta.B } },
        _ => null,
    };

    private static YamlMap? Stepped(Quantized steps)
    {
        if (steps.Origin == 0 && OfReal(steps.Inner) is { } inner && !IsEven(steps))
        {
            var map = new YamlMap();
            foreach (var (key, value) in inner)
                map.Add(key, key is "distribution" ? $"q_{value}" : value);
            map.Add("q", steps.Integers ? ParameterValue.Of((long)steps.Step) : ParameterValue.Of(steps.Step) as object);
            return map;
        }

        return steps.Inner switch
        {
            Uniform real when IsEven(steps) && steps.Integers => new YamlMap
            {
                { "distribution", "int_uniform" }, { "min", (long)steps.Origin }, { "max", (long)Math.Round(real.Max - steps.Step / 2) }, { "step", steps.Step },
            },
            Uniform real when IsEven(steps) => new YamlMap { { "distribution", "uniform" }, { "min", steps.Origin }, { "max", real.Max - steps.Step / 2 }, { "step", steps.Step } },
            LogUniform real when steps.Origin == real.Min && !steps.Integers =>
                new YamlMap { { "distribution", "log_uniform_values" }, { "min", real.Min }, { "max", real.Max }, { "step", steps.Step } },
            _ => null,
        };
    }

    /// <summary>Whether it is one of min, min + step, …, with the origin as the least one.</summary>
    private static bool IsEven(Quantized steps) => steps.Inner is Uniform real && real.Min == steps.Origin - steps.Step / 2;

    private static List<object> List(IEnumerable<ParameterValue> values) => [.. values.Cast<object>()];
}
