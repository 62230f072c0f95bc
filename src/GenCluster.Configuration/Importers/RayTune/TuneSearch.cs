using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers.RayTune;

/// <summary>Search algorithms that Ray Tune calls, and ours in their place.</summary>
internal static class TuneSearch
{
    // What it is here, and whether it is the same method.
    private static readonly Dictionary<string, (string Ours, bool Same)> Known = new(StringComparer.Ordinal)
    {
        ["random"] = ("random", true),
        ["variantgenerator"] = ("random", true),
        ["basicvariant"] = ("random", true),
        ["basicvariantgenerator"] = ("random", true),
        ["optuna"] = ("tpe", true),
        ["hyperopt"] = ("tpe", true),
        ["bohb"] = ("tpe", false),
        ["bayesopt"] = ("gp", true),
        ["bayesianoptimization"] = ("gp", true),
        ["skopt"] = ("gp", true),
        ["ax"] = ("gp", true),
        ["hebo"] = ("gp", false),
        ["dragonfly"] = ("gp", false),
        ["nevergrad"] = ("cmaes", false),
        ["cfo"] = ("tpe", false),
        ["blend"] = ("tpe", false),
        ["zoopt"] = ("random", false),
    };

    public static void Read(ForeignMap tune, SweepDraft draft)
    {
        if (tune.Find("search_alg") is not { } node)
            return;
        var map = node as MapNode;
        string? name = map is null ? tune.Text("search_alg") : (map.Find("type") ?? map.Find("name")) is ScalarNode s ? s.Text : null;
        string plain = (name ?? "").ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("search", "", StringComparison.Ordinal);
        if (!Known.TryGetValue(plain, out var ours))
            ours = ("tpe", false);
        if (!ours.Same)
            draft.Warn(node.Place, $"search_alg: {Diagnostics.Shown.Quoted(name ?? "")} is not here; {ours.Ours} is taken in its place, see search.algorithm");
        draft.Algorithm = ours.Ours;
        foreach (var entry in map?.Entries.Where(e => e.Key.Text is not ("type" or "name")) ?? [])
        {
            if (entry.Key.Text is "seed" or "random_state" or "random_state_seed" && entry.Value is ScalarNode seed && Yaml11.IntegerOf(seed.Text) is { } number and >= 0)
                draft.Seed = number;
            else if (entry.Key.Text is not ("metric" or "mode"))
                draft.NotCarried(entry.Key.Place, $"search_alg.{entry.Key.Text}", $"it is an option of {name}");
        }
    }
}
