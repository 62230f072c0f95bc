using System.Text;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections.Distributions;
using GenCluster.Core.Models;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Editors;

/// <summary>All keys of a sweep file as tables in Markdown, made from the objects that read them.</summary>
public static class KeyTables
{
    /// <summary>The tables, each under a heading of its own.</summary>
    public static string Text()
    {
        var text = new StringBuilder();
        Table(text, "The file", Rows(SweepSchema.Root.Keys.Where(k => k is not MapKey), ""));
        foreach (var map in SweepSchema.Root.Keys.OfType<MapKey>().Where(m => m != SweepSchema.Parameters))
            Table(text, $"`{map.Name}`", Rows([map], ""));
        Table(text, "`parameters`", Rows(DistributionReader.Schema.Keys, "parameters.*"));
        text.Append("### Distributions\n\n| `distribution` | what | keys |\n| --- | --- | --- |\n");
        foreach (var form in DistributionForm.All)
            text.Append($"| `{form.Name}` | {form.Meaning} | {string.Join(", ", form.Required.Select(k => k.Name).Concat(form.Optional.Select(k => $"[{k.Name}]")))} |\n");
        text.Append('\n');
        foreach (var algorithm in SearchCatalogue.Samplers)
            Options(text, "search.algorithm", algorithm);
        foreach (var rule in SearchCatalogue.Schedulers)
            Options(text, "earlyStopping.type", rule);
        return text.ToString();
    }

    private static IEnumerable<string> Rows(IEnumerable<Key> keys, string prefix)
    {
        foreach (var key in keys)
        {
            string path = Join(prefix, key.Name);
            yield return $"| `{path}` | {Escaped(key.Meaning)} | {Escaped(Allowed(key))} | {DefaultOf(key)} |";
            var nested = (key as MapKey ?? key.Or as MapKey ?? (key as ListKey)?.Item as MapKey)?.Schema.Keys ?? [];
            foreach (string row in Rows(nested, path))
                yield return row;
        }
    }

    private static string Allowed(Key key) => key switch
    {
        MapKey { Or: { } other } => $"{other.Allowed}, or a map",
        MapKey => "a map",
        ListKey { Item: MapKey } => "a list of maps",
        { Or: MapKey } => $"{key.Allowed}, or a map",
        _ => key.Allowed,
    };

    private static string DefaultOf(Key key) => key switch
    {
        { Required: true } => "required",
        IntegerKey { Default: { } value } => $"{value}",
        NumberKey { Default: { } value } => $"{Core.Parameters.ParameterValue.Of(value)}",
        TextKey { Default: { } value } => $"`{value}`",
        FlagKey flag => flag.Default ? "true" : "false",
        _ => "",
    };

    private static void Table(StringBuilder text, string heading, IEnumerable<string> rows)
    {
        text.Append($"### {heading}\n\n| key | what | allowed | default |\n| --- | --- | --- | --- |\n");
        foreach (string row in rows)
            text.Append(row).Append('\n');
        text.Append('\n');
    }

    private static void Options(StringBuilder text, string key, AlgorithmDescription algorithm)
    {
        text.Append($"### `{key}: {algorithm.Name}`\n\n{algorithm.Summary}\n\n");
        if (algorithm.Options.Count > 0)
            text.Append("| option | what | allowed | default |\n| --- | --- | --- | --- |\n");
        foreach (Hyperparameter option in algorithm.Options)
            text.Append($"| `{option.Path}` | {Escaped(option.Meaning)} | {Escaped(option.DescribeAllowed())} | {(option.Default.ToString() is { Length: > 0 } value ? value : "none")} |\n");
        if (algorithm.Options.Count > 0)
            text.Append('\n');
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
