using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Yaml;

/// <summary>A position in a file, counted from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    public static readonly Place Start = new(1, 1);
}

/// <summary>A part of a file that remembers where it stands.</summary>
internal abstract class Node(Place place)
{
    public Place Place { get; } = place;

    /// <summary>What is there, for "got …" in a message.</summary>
    public abstract string Describe();
}

/// <summary>One value: nothing, a flag, an integer, a number or a text.</summary>
internal sealed class ScalarNode(Place place, string text, bool isPlain) : Node(place)
{
    public string Text { get; } = text;

    /// <summary>Written without quotes. Quoted scalars are texts, whatever they look like.</summary>
    public bool IsPlain { get; } = isPlain;

    public bool IsNull => IsPlain && CoreSchema.IsNull(Text);

    /// <summary>The typed value; null when nothing is written.</summary>
    public ParameterValue? Value => IsPlain ? CoreSchema.Resolve(Text) : ParameterValue.Of(Text);

    public override string Describe() => CoreSchema.Describe(this);
}

internal sealed class ListNode(Place place) : Node(place)
{
    public List<Node> Items { get; } = [];

    public override string Describe() => "a list";
}

/// <summary>A map; keys are unique and keep their order.</summary>
internal sealed class MapNode(Place place) : Node(place)
{
    private readonly Dictionary<string, Entry> byKey = [];
    private readonly HashSet<string> inherited = [];

    public List<Entry> Entries { get; } = [];

    public Node? Find(string key) => byKey.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>The entry that has the key already, or null when this one was added.</summary>
    public Entry? Add(Entry entry)
    {
        if (inherited.Remove(entry.Key.Text))
            Entries.Remove(byKey[entry.Key.Text]);
        else if (byKey.TryGetValue(entry.Key.Text, out var first))
            return first;
        byKey[entry.Key.Text] = entry;
        Entries.Add(entry);
        return null;
    }

    /// <summary>Puts an entry in the place of the one that has its key.</summary>
    public void Replace(Entry entry)
    {
        Entries[Entries.IndexOf(byKey[entry.Key.Text])] = entry;
        byKey[entry.Key.Text] = entry;
    }

    /// <summary>An entry of a map that is merged into this one; an entry of the map's own replaces it.</summary>
    public void AddInherited(Entry entry)
    {
        if (byKey.TryAdd(entry.Key.Text, entry))
        {
            Entries.Add(entry);
            inherited.Add(entry.Key.Text);
        }
    }

    public override string Describe() => "a map";

    internal sealed record Entry(ScalarNode Key, Node Value);
}
