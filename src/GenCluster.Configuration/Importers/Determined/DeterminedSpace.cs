using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Determined;

/// <summary>Hyperparameters of Determined: maps with a type draw, other maps nest, and the rest are fixed values.</summary>
internal sealed class DeterminedSpace(SweepDraft draft, bool isGrid)
{
    private static readonly string[] Types = ["const", "categorical", "int", "double", "log"];

    public static void Read(ForeignMap root, bool isGrid, SweepDraft draft)
    {
        if (root.Map("hyperparameters") is { } all)
            new DeterminedSpace(draft, isGrid).Walk(all, "");
        else if (!root.Has("hyperparameters"))
            draft.Wrong(root.Place, "hyperparameters: missing, but required; write a map from names to values or {type, …}");
    }

    private void Walk(ForeignMap group, string prefix)
    {
        foreach (var (key, value) in group.Entries)
        {
            string path = prefix.Length == 0 ? key.Text : $"{prefix}.{key.Text}";
            if (value is MapNode map && map.Find("type") is ScalarNode { Text: var type } && Types.Contains(type))
                draft.Add(key.Place, path, Read(new ForeignMap(map, path, draft), type, key.Place));
            else if (value is MapNode { Entries.Count: > 0 })
                Walk(new ForeignMap((MapNode)value, path, draft), path);
            else if (ForeignValues.Read(value, path, draft, python: false) is { } constant)
                draft.Add(key.Place, path, new Constant(constant));
        }
    }

    private Distribution? Read(ForeignMap map, string type, Place place)
    {
        var draws = new Draws(draft, map.Path, place);
        map.Ignore("type", "val");
        var distribution = type switch
        {
            "const" => map.Node.Find("val") is { } value && ForeignValues.Read(value, map.Path, draft, python: false) is { } constant ? new Constant(constant) : draws.Wrong("const has no val; write it"),
            "categorical" => ForeignValues.ReadAll(map.Find("vals"), map.PathOf("vals"), draft, python: false) is { } values ? draws.OneOf(values, distinct: isGrid) : draws.Wrong("categorical has no vals; write a list"),
            _ => ReadRange(map, type, draws),
        };
        map.RestIsNotCarried($"type {type} has no such key");
        return distribution;
    }

    private Distribution? ReadRange(ForeignMap map, string type, Draws draws)
    {
        if (!map.Has("minval") || !map.Has("maxval"))
            return draws.Wrong($"{type} has no bounds; write minval and maxval");
        var (min, max) = (map.Number("minval"), map.Number("maxval"));
        double logBase = type is "log" ? map.Number("base") ?? 10 : 0;
        long? count = map.Integer("count", 1, Draws.MostValues);
        if (draws.Range(min, max) is not var (low, high))
            return null;
        if (type is "log" && (logBase <= 0 || !double.IsFinite(Math.Pow(logBase, high)) || Math.Pow(logBase, low) <= 0))
            return draws.Wrong($"minval and maxval are exponents of {Draws.Number(logBase)}, and too large ones");
        if (isGrid && (count is not null || type is not "int"))
            return count is { } n ? Points(low, high, n, type, logBase, draws) : draws.Wrong($"a grid needs count, how many values of a {type} are tried; write it");
        return type switch
        {
            "int" => draws.Integers(map.Integer("minval", long.MinValue, long.MaxValue), map.Integer("maxval", long.MinValue, long.MaxValue)),
            "log" => draws.LogUniform(Math.Pow(logBase, low), Math.Pow(logBase, high)),
            _ => draws.Uniform(low, high),
        };
    }

    /// <summary>Values at equal distances, both ends included; of one the middle (master/pkg/searcher/grid.go).</summary>
    private static Distribution? Points(double low, double high, long count, string type, double logBase, Draws draws)
    {
        if (type is "int")
            count = (long)Math.Min(count, high - low + 1);
        var values = Enumerable.Range(0, (int)count).Select(i => count == 1 ? (low + high) / 2 : low + i * (high - low) / (count - 1));
        return draws.OneOf(distinct: true, values: [.. values.Select(v => type switch
        {
            "int" => ParameterValue.Of((long)Math.Round(v)),
            "log" => ParameterValue.Of(Math.Pow(logBase, v)),
            _ => ParameterValue.Of(v),
        })]);
    }
}
