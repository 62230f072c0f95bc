using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Wandb;

/// <summary>
/// The parameters of a W&amp;B sweep (wandb/sweeps, src/sweeps/params.py): nested groups become dotted names, a missing
/// distribution follows from the other keys.
/// </summary>
internal sealed partial class WandbParameters
{
    private static readonly string[] Keys =
        ["distribution", "value", "values", "probabilities", "min", "max", "q", "mu", "sigma", "a", "b", "parameters"];

    private readonly SweepDraft draft;
    private readonly bool isGrid;

    private WandbParameters(SweepDraft draft, bool isGrid)
    {
        this.draft = draft;
        this.isGrid = isGrid;
    }

    public static void Read(ForeignMap root, string method, SweepDraft draft)
    {
        if (root.Map("parameters") is { } parameters)
            new WandbParameters(draft, method is "grid").Walk(parameters, "");
        else if (!root.Has("parameters"))
            draft.Wrong(root.Place, "parameters: missing, but required; write a map from names to {min: …, max: …}, {values: […]} or {value: …}");
    }

    private void Walk(ForeignMap group, string prefix)
    {
        foreach (var (key, value) in group.Entries)
        {
            string path = prefix.Length == 0 ? key.Text : $"{prefix}.{key.Text}";
            if (!NamePattern().IsMatch(key.Text))
                draft.Warn(key.Place, $"{Shown.Quoted(key.Text)} is no name of a parameter to W&B, which takes letters, digits and _ . - only");
            if (value is not MapNode map)
                draft.Wrong(value.Place, $"{path}: got {value.Describe()}; write {{value: …}} for a fixed value, {{values: […]}} or {{min: …, max: …}}");
            else if (map.Find("parameters") is MapNode)
                Walk(new ForeignMap(map, path, draft).Map("parameters")!, path);
            else
                draft.Add(key.Place, path, ReadDistribution(new ForeignMap(map, path, draft), key.Place));
        }
    }

    private Distribution? ReadDistribution(ForeignMap map, Place place)
    {
        foreach (var entry in map.Entries.Where(e => !Keys.Contains(e.Key.Text)))
            draft.NotCarried(entry.Key.Place, Shown.Quoted(map.PathOf(entry.Key.Text)), $"W&B knows no such key; the nearest is {Nearest.To(entry.Key.Text, Keys)}");
        string? name = map.Has("distribution") ? map.Choice("distribution", WandbDistributions.Names) : Infer(map);
        if (name is null)
        {
            if (!map.Has("distribution"))
                draft.Wrong(place, $"{map.Path}: no distribution; write {{value: …}}, {{values: […]}} or {{min: …, max: …}}");
            return null;
        }

        if (name is "constant")
            return map.Node.Find("value") is { } value ? ConstantOf(value, map) : Missing(map, place, "value");
        var draws = new Draws(draft, map.Path, place);
        if (name is "categorical" or "categorical_w_probabilities")
            return ReadValues(map, draws, place);
        if (isGrid && name is not ("int_uniform" or "q_uniform"))
            return draws.Wrong($"{name} has no end of values, which a grid cannot try; write values, or method random");
        return new WandbDistributions(map, draws, draft).Read(name);
    }

    // Of `value: null` the map says that there is nothing.
    private Constant? ConstantOf(Node value, ForeignMap map) =>
        ForeignValues.Read(value, map.Path, draft) is { } read ? new Constant(read) : null;

    private string? Infer(ForeignMap map)
    {
        if (map.Node.Find("value") is not null)
            return "constant";
        if (map.Has("values"))
            return "categorical";
        if (!map.Has("min") || !map.Has("max"))
            return map.Has("mu") || map.Has("sigma") ? "normal" : null;
        return IsInteger(map.Find("min")) && IsInteger(map.Find("max")) ? "int_uniform" : "uniform";
    }

    private static bool IsInteger(Node? node) => node is ScalarNode scalar && Yaml11.Resolve(scalar) is { Kind: ParameterKind.Integer };

    private Distribution? ReadValues(ForeignMap map, Draws draws, Place place)
    {
        if (!map.Has("values"))
            return Missing(map, place, "values");
        var values = ForeignValues.ReadAll(map.Find("values"), map.PathOf("values"), draft);
        var weights = map.List("probabilities");
        double[]? probabilities = weights is null ? null : [.. weights.Select(w => (w as ScalarNode) is { } s ? Yaml11.NumberOf(s.Text) ?? double.NaN : double.NaN)];
        if (probabilities is not null && isGrid)
        {
            draft.Warn(map.PlaceOf("probabilities"), $"{map.PathOf("probabilities")}: a grid tries each value once, whatever its probability; they are left out");
            probabilities = null;
        }

        return values is null ? null : draws.OneOf(values, probabilities, distinct: isGrid);
    }

    private Distribution? Missing(ForeignMap map, Place place, string key)
    {
        draft.Wrong(place, $"{map.PathOf(key)}: missing, but its distribution needs it");
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]*\z")]
    private static partial Regex NamePattern();
}
