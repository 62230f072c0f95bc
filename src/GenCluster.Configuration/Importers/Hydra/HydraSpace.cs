using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Importers.Calls;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Hydra;

/// <summary>
/// Sweeps of Hydra's override grammar: <c>choice(a, b)</c>, <c>range(1, 10, 2)</c>, <c>interval(0, 1)</c>, <c>tag(log, …)</c>,
/// <c>int(…)</c>, and what Nevergrad and Optuna write as maps.
/// </summary>
internal sealed class HydraSpace(SweepDraft draft, bool isNevergrad)
{
    /// <summary>What casts and tags around a sweep say of it.</summary>
    private sealed record Traits(bool IsLog = false, bool IsInteger = false, string? Cast = null);

    public void ReadOverrides(MapNode parameters)
    {
        foreach (var (key, value) in parameters.Entries)
        {
            string path = key.Text.TrimStart('+'); // + adds a key to the configuration, which ours do anyway
            draft.Add(key.Place, path, value switch
            {
                ScalarNode scalar when CallText.Read(scalar) is { } call => OfCall(call, new Traits(), path, key.Place),
                ScalarNode scalar when CallText.ReadChoices(scalar) is { } list => Choice(list, new Traits(), path, key.Place),
                MapNode map when isNevergrad || map.Find("init") is not null || map.Find("lower") is not null => NevergradScalar(new ForeignMap(map, path, draft), key.Place),
                ListNode list when isNevergrad => Choice(list, new Traits(), path, key.Place),
                _ => ForeignValues.Read(value, path, draft, python: false) is { } constant ? new Constant(constant) : null,
            });
        }
    }

    /// <summary>The form that Optuna's sweeper had before: <c>{type: float, low: 1e-5, high: 1e-1, log: true}</c>.</summary>
    public void ReadStructured(ForeignMap space)
    {
        foreach (var entry in space.Entries)
        {
            if (space.Map(entry.Key.Text) is { } one)
                draft.Add(entry.Key.Place, entry.Key.Text, Structured(one, entry.Key.Place));
        }
    }

    private Distribution? Structured(ForeignMap one, Place place)
    {
        var draws = new Draws(draft, one.Path, place);
        string? type = one.Choice("type", "int", "float", "categorical");
        if (!one.Has("type"))
            return draws.Wrong("there is no type; write int, float or categorical");
        bool isLog = one.Flag("log") ?? false;
        if (type is null)
            return null;
        if (type is "categorical")
            return ForeignValues.ReadAll(one.Find("choices"), one.PathOf("choices"), draft, python: false) is { } values ? draws.OneOf(values) : one.Has("choices") ? null : draws.Wrong("there are no choices; write a list");
        if (!one.Has("low") || !one.Has("high"))
            return draws.Wrong("there are no bounds; write low and high");
        return Between(one.Number("low"), one.Number("high"), one.Has("step") ? one.Number("step") : null, new Traits(isLog, type is "int"), draws);
    }

    private Distribution? OfCall(CallNode call, Traits traits, string path, Place place)
    {
        var draws = new Draws(draft, path, place);
        var get = new CallArguments(call, draws);
        switch (call.Name)
        {
            case "int" or "float" or "str" or "bool" or "json_str" when call.Arguments is [var inner]:
                return Inside(inner, traits with { IsInteger = call.Name is "int", Cast = call.Name }, path, place);
            case "tag" when call.Arguments.Count > 0:
                bool isLog = call.Arguments.Take(call.Arguments.Count - 1).OfType<ScalarNode>().Any(t => t.Text == "log");
                return Inside(call.Arguments[^1], traits with { IsLog = traits.IsLog || isLog }, path, place);
            case "sort" or "shuffle" when call.Arguments.Count > 0:
                return call.Arguments.Count == 1 ? Inside(call.Arguments[0], traits, path, place) : Choice(All(call), traits, path, place);
            case "choice":
                return Choice(All(call), traits, path, place);
            case "interval":
                return Between(get.Number(0, "start"), get.Number(1, "end"), null, traits, draws);
            case "range":
                return Range(call, get, traits, draws);
            case "glob":
                return draws.Wrong("glob finds the files of a configuration group, which only the program has; write choice with their names");
            default:
                return draws.Wrong($"{Shown.Quoted(call.Name)} is no sweep of Hydra; write choice(…), range(…) or interval(…)");
        }
    }

    private Distribution? Inside(Node inner, Traits traits, string path, Place place) => inner switch
    {
        CallNode call => OfCall(call, traits, path, place),
        ListNode list => Choice(list, traits, path, place),
        _ => ForeignValues.Read(inner, path, draft, python: false) is { } constant ? new Constant(constant) : null,
    };

    private static ListNode All(CallNode call)
    {
        var list = new ListNode(call.Place);
        list.Items.AddRange(call.Arguments);
        return list;
    }

    private Distribution? Choice(ListNode list, Traits traits, string path, Place place)
    {
        if (ForeignValues.ReadAll(list, path, draft, python: false) is not { } values)
            return null;
        return new Draws(draft, path, place).OneOf([.. values.Select(v => traits.Cast switch
        {
            "int" when v.Kind is ParameterKind.Number => ParameterValue.Of((long)v.Number),
            "float" when v.Kind is ParameterKind.Integer => ParameterValue.Of((double)v.Integer),
            "str" => ParameterValue.Of(v.ToString()),
            _ => v,
        })]);
    }

    /// <summary>
    /// Optuna's sweeper makes a range of steps of it, upper end included (hydra_optuna_sweeper/_impl.py), where Hydra itself
    /// leaves that out; integers unless one of the three is written with a point.
    /// </summary>
    private Distribution? Range(CallNode call, CallArguments get, Traits traits, Draws draws)
    {
        bool single = call.Argument(1, "stop") is null;
        double? start = single ? 0 : get.Number(0, "start");
        double? stop = single ? get.Number(0, "stop") : get.Number(1, "stop");
        double? step = get.NumberOr(1, 2, "step");
        bool isInteger = traits.Cast is not "float" && !call.Arguments.Concat(call.Named.Values).OfType<ScalarNode>().Any(s => s.Text.Contains('.', StringComparison.Ordinal) || s.Text.Contains('e', StringComparison.OrdinalIgnoreCase));
        if (!IncludesEnd)
            return draws.Steps(start, stop, step, isInteger || traits.IsInteger, including: false);
        draws.Say("range includes its end, as to Optuna's sweeper; to Hydra's own it does not");
        return draws.Evenly(start, stop, step, isInteger || traits.IsInteger);
    }

    /// <summary>Whether ranges are Optuna's, which include their end.</summary>
    public bool IncludesEnd { get; init; }

    private static Distribution? Between(double? low, double? high, double? step, Traits traits, Draws draws)
    {
        if (traits.IsInteger)
        {
            var (min, max) = (Whole(low), Whole(high));
            if (traits.IsLog)
                return draws.LogIntegers(min, max);
            return step is { } q ? draws.Evenly(min, max, q, integers: true) : draws.Integers(min, max);
        }

        if (traits.IsLog)
            return draws.LogUniform(low, high);
        return step is { } width ? draws.Evenly(low, high, width, integers: false) : draws.Uniform(low, high);
    }

    private static long? Whole(double? number) => number is { } n && Math.Abs(n) < 1e18 ? (long)n : null;

    /// <summary>A scalar of Nevergrad: with both bounds a range, without them a step from its start.</summary>
    private Distribution? NevergradScalar(ForeignMap scalar, Place place)
    {
        var draws = new Draws(draft, scalar.Path, place);
        var traits = new Traits(scalar.Flag("log") ?? false, scalar.Flag("integer") ?? false);
        var (lower, upper) = (scalar.Number("lower"), scalar.Number("upper"));
        double? init = scalar.Number("init"), step = scalar.Number("step");
        if (lower is not null && upper is not null)
            return Between(lower, upper, null, traits, draws);
        if (init is not { } start)
            return draws.Wrong("there are no bounds; write lower and upper, or init and step");
        double width = step ?? (traits.IsLog ? 2 : 1);
        draft.Warn(place, $"{scalar.Path}: Nevergrad starts at {Draws.Number(start)} and moves by {(traits.IsLog ? "factors" : "steps")} of {Draws.Number(width)}, without bounds; "
            + "here it is drawn from a normal distribution around the start, of the logarithm where it is one");
        if (traits.IsLog && (start <= 0 || width <= 1))
            return draws.Wrong("a logarithm needs init above 0 and a step above 1; change them");
        var drawn = traits.IsLog ? draws.LogNormal(Math.Log(start), Math.Log(width), lower, upper) : draws.Normal(start, width, lower, upper);
        return traits.IsInteger ? draws.Multiples(drawn, 1, integers: true) : drawn;
    }
}
