using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers;

/// <summary>
/// A map of another tool's file. It remembers which keys were asked for, so that the others can be named. A value of the
/// wrong type is an error and then as if it were not there.
/// </summary>
internal sealed class ForeignMap(MapNode map, string path, SweepDraft draft)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public Place Place => map.Place;

    /// <summary>The dotted path; empty at the root.</summary>
    public string Path => path;

    public IReadOnlyList<MapNode.Entry> Entries => map.Entries;

    public MapNode Node => map;

    public bool Has(string key) => Find(key) is not null;

    /// <summary>What stands at the key; null also when that is nothing.</summary>
    public Node? Find(string key)
    {
        asked.Add(key);
        return map.Find(key) is { } node and not ScalarNode { IsNull: true } ? node : null;
    }

    public Place PlaceOf(string key) => map.Entries.FirstOrDefault(e => e.Key.Text == key)?.Key.Place ?? map.Place;

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public string? Text(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is ScalarNode scalar)
            return scalar.Text;
        Wrong(key, node, "a text");
        return null;
    }

    /// <summary>The one of the choices that stands there; an error when it is another.</summary>
    public string? Choice(string key, params IReadOnlyList<string> choices)
    {
        if (Text(key) is not { } text)
            return null;
        if (choices.Contains(text))
            return text;
        draft.Wrong(Find(key)!.Place,
            $"{PathOf(key)}: got {Shown.Quoted(text)}; it is one of {string.Join(", ", choices)}, the nearest is {Schema.Nearest.To(text, choices)}");
        return null;
    }

    public double? Number(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && Yaml11.NumberOf(scalar.Text) is { } number)
            return number;
        if (node is ScalarNode { IsPlain: true } whole && Yaml11.IntegerOf(whole.Text) is { } integer)
            return integer;
        Wrong(key, node, "a number");
        return null;
    }

    /// <summary>A whole number in a range, also written as <c>3.0</c> or in quotes.</summary>
    public long? Integer(string key, long min, long max)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && (Yaml11.IntegerOf(scalar.Text) ?? Whole(Yaml11.NumberOf(scalar.Text))) is { } integer && integer >= min && integer <= max)
            return integer;
        Wrong(key, node, $"a whole number from {min} to {max}");
        return null;
    }

    public bool? Flag(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is ScalarNode scalar && Yaml11.Resolve(new ScalarNode(scalar.Place, scalar.Text, isPlain: true)) is { Kind: ParameterKind.Flag } flag)
            return flag.AsFlag();
        Wrong(key, node, "true or false");
        return null;
    }

    public ForeignMap? Map(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is MapNode inner)
            return new ForeignMap(inner, PathOf(key), draft);
        Wrong(key, node, "a map");
        return null;
    }

    public IReadOnlyList<Node>? List(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is ListNode list)
            return list.Items;
        Wrong(key, node, "a list");
        return null;
    }

    /// <summary>Says of each of these keys that stands there that it has no counterpart.</summary>
    public void NotCarried(string why, params IReadOnlyList<string> keys)
    {
        foreach (string key in keys.Where(Has))
            draft.NotCarried(PlaceOf(key), PathOf(key), why);
    }

    /// <summary>Keys that mean nothing to a search.</summary>
    public void Ignore(params IReadOnlyList<string> keys) => asked.UnionWith(keys);

    /// <summary>Says of each key that nobody asked for that it has no counterpart.</summary>
    public void RestIsNotCarried(string why)
    {
        foreach (var entry in map.Entries.Where(e => !asked.Contains(e.Key.Text)))
            draft.NotCarried(entry.Key.Place, Shown.Quoted(PathOf(entry.Key.Text)), why);
    }

    public void Wrong(string key, Node node, string allowed) => draft.Wrong(node.Place, $"{PathOf(key)}: got {node.Describe()}; write {allowed}");

    private static long? Whole(double? number) => number is { } n && Math.Abs(n) < 1e15 && Math.Floor(n) == n ? (long)n : null;
}
