using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Wandb;

/// <summary>W&amp;B's distributions of numbers, by their names.</summary>
internal sealed class WandbDistributions(ForeignMap map, Draws draws, SweepDraft draft)
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "constant", "categorical", "categorical_w_probabilities", "int_uniform", "uniform", "q_uniform", "log_uniform", "log_uniform_values",
        "q_log_uniform", "q_log_uniform_values", "inv_log_uniform", "inv_log_uniform_values", "normal", "q_normal", "log_normal", "q_log_normal", "beta", "q_beta",
    ];

    public Distribution? Read(string name) => name switch
    {
        "int_uniform" => Bounded() ? draws.Integers(map.Integer("min", long.MinValue, long.MaxValue), map.Integer("max", long.MinValue, long.MaxValue)) : null,
        "uniform" => Bounds() is var (min, max) ? draws.Uniform(min, max) : null,
        "log_uniform_values" => Bounds() is var (min, max) ? draws.LogUniform(min, max) : null,
        "log_uniform" => Exponents() is var (min, max) ? draws.LogUniform(min, max) : null,

        // log(1/X) is uniform where log(X) is: these are the same distributions, with negative exponents (params.py, inv_log_uniform_v1_ppf).
        "inv_log_uniform_values" => Read("log_uniform_values"),
        "inv_log_uniform" => Inverse() is var (min, max) ? draws.LogUniform(min, max) : null,
        "normal" => draws.Normal(Or("mu", 0), Or("sigma", 1)),
        "log_normal" => draws.LogNormal(Or("mu", 0), Or("sigma", 1)),
        "beta" => draws.Beta(Or("a", 1), Or("b", 1)),
        ['q', '_', .. var inner] => Step() is { } q ? draws.Multiples(Read(inner), q, IsIntegerStep) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no distribution"),
    };

    /// <summary>An integer as a step makes integers of the values (params.py, isinstance(q, int)); 1 is the default.</summary>
    private bool IsIntegerStep => map.Find("q") is not ScalarNode q || Yaml11.IntegerOf(q.Text) is not null;

    private double? Step() => Or("q", 1) switch
    {
        null => null,
        > 0 and var q => q,
        _ => WrongStep(),
    };

    private double? WrongStep()
    {
        draws.Wrong("q is not above 0; write the step that values are rounded to");
        return null;
    }

    private double? Or(string key, double otherwise) => map.Has(key) ? map.Number(key) : otherwise;

    private (double Min, double Max)? Inverse()
    {
        if (Bounds() is not var (min, max))
            return null;
        var (low, high) = (Math.Exp(-max), Math.Exp(-min));
        if (low > 0 && double.IsFinite(high))
            return (low, high);
        draws.Wrong("min and max are exponents of e, and too large ones; for values write inv_log_uniform_values");
        return null;
    }

    private bool Bounded()
    {
        foreach (string key in (string[])["min", "max"])
        {
            if (!map.Has(key))
                draft.Wrong(map.Place, $"{map.PathOf(key)}: missing, but its distribution needs it; write a number");
        }

        return map.Has("min") && map.Has("max");
    }

    private (double Min, double Max)? Bounds()
    {
        if (!Bounded())
            return null;
        SayNumbers();
        return map.Number("min") is { } min && map.Number("max") is { } max ? (min, max) : null;
    }

    /// <summary>Bounds that are exponents of e, so that the parameter lies between exp(min) and exp(max).</summary>
    private (double Min, double Max)? Exponents()
    {
        if (Bounds() is not var (min, max))
            return null;
        var (low, high) = (Math.Exp(min), Math.Exp(max));
        if (low == 0 || double.IsInfinity(high))
            draws.Wrong($"min and max are exponents of e, and e^{Draws.Number(low == 0 ? min : max)} is no number; for values write log_uniform_values");
        else if (LooksLikeValues(min, max))
        {
            draft.Warn(map.PlaceOf("min"), $"{map.Path}: min and max are exponents of e, so W&B draws from {Draws.Number(Rounded(low))} to {Draws.Number(Rounded(high))}, "
                + $"and so do we; they look like values: if they are, write distribution: log_uniform_values");
        }

        return low == 0 || double.IsInfinity(high) ? null : (low, high);
    }

    // Nobody means exponents that are small fractions, or a factor of ten and more apart on the same side of zero.
    private static bool LooksLikeValues(double min, double max) => min > 0 && (max < 1 || max / min >= 10);

    private static double Rounded(double value) => value == 0 ? 0 : double.Parse(value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private void SayNumbers()
    {
        foreach (string key in (string[])["min", "max", "q", "mu", "sigma", "a", "b"])
        {
            if (map.Find(key) is ScalarNode scalar && Yaml11.IsTextToPython(scalar) && !draft.IsJson)
                draft.Warn(scalar.Place, $"{map.PathOf(key)}: {scalar.Text} is a text to PyYAML, for want of a point (1.0e-4); it is read as a number");
        }
    }
}
