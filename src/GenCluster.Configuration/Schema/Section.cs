using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Schema;

/// <summary>
/// A section of a file, read by its schema. Reading never fails: a mistake is written down, and the value is then 0 or
/// null, "not known". Checks between values leave out what is not known, so one mistake is reported once.
/// </summary>
internal sealed class Section
{
    private const int LongestText = 4096;

    private readonly DiagnosticList diagnostics;
    private readonly MapNode? map; // null: what stands there is no map, which was said

    private Section(SectionSchema schema, string path, Place place, MapNode? map, DiagnosticList diagnostics)
    {
        this.diagnostics = diagnostics;
        this.map = map;
        Schema = schema;
        Path = path;
        Place = place;
    }

    public SectionSchema Schema { get; }

    /// <summary>The dotted path; empty at the root.</summary>
    public string Path { get; }

    public Place Place { get; }

    public IEnumerable<MapNode.Entry> Entries => map?.Entries ?? [];

    /// <summary>Opens what stands at a path and reports keys that the schema does not have and those that are missing.</summary>
    public static Section Open(SectionSchema schema, string path, Node? node, Place parent, DiagnosticList diagnostics)
    {
        bool isEmpty = node is null or ScalarNode { IsNull: true };
        if (!isEmpty && node is not MapNode)
            diagnostics.Error(DiagnosticCodes.WrongType, node!.Place, $"{Label(path)}: got {node.Describe()}; write {schema.Allowed}");

        var place = node?.Place ?? parent;
        var section = new Section(schema, path, place, isEmpty ? new MapNode(place) : node as MapNode, diagnostics);
        section.ReportUnknownKeys();
        section.ReportMissingKeys();
        return section;
    }

    public bool Has(Key key) => map?.Find(key.Name) is not null;

    public Node? Find(Key key) => map?.Find(key.Name);

    /// <summary>Where the key's value stands, or the section when it is not written.</summary>
    public Place PlaceOf(Key key) => Find(key)?.Place ?? Place;

    public string PathOf(Key key) => Join(Path, key.Name);

    public Section Child(MapKey key) => map is null
        ? new Section(key.Schema, PathOf(key), Place, null, diagnostics)
        : Open(key.Schema, PathOf(key), Find(key), Place, diagnostics);

    /// <summary>The integer at the key, else <paramref name="otherwise"/>, else the key's default; 0 when not known.</summary>
    public long Integer(IntegerKey key, long otherwise = 0)
    {
        if (Find(key) is not { } node)
            return key.Default ?? otherwise;
        if (node is not ScalarNode { Value: { Kind: ParameterKind.Integer } value })
            return Wrong(key, node, DiagnosticCodes.WrongType).Integer;
        return value.Integer >= key.Min && value.Integer <= key.Max ? value.Integer : Wrong(key, node, DiagnosticCodes.OutOfRange).Integer;
    }

    /// <summary>The number at the key, else its default; null when there is none, 0 when not known.</summary>
    public double? Number(NumberKey key)
    {
        if (Find(key) is not { } node)
            return key.Default;
        if (node is not ScalarNode { Value: { Kind: ParameterKind.Number or ParameterKind.Integer } value })
            return Wrong(key, node, DiagnosticCodes.WrongType).Number;
        double number = value.AsNumber();
        return number >= key.Min && number <= key.Max ? number : Wrong(key, node, DiagnosticCodes.OutOfRange).Number;
    }

    /// <summary>The text at the key, else its default; null when not known.</summary>
    public string? Text(TextKey key)
    {
        if (Find(key) is not { } node)
            return key.Default;
        if (node is not ScalarNode { Value: { Kind: ParameterKind.Text, Text: { } text } })
            return Wrong(key, node, DiagnosticCodes.WrongType).Text;
        if (key.Choices is { } choices && !choices.Contains(text))
            return Wrong(key, node, DiagnosticCodes.NotAChoice, choices is [_] ? "" : $"; the nearest is {Nearest.To(text, choices)}").Text;
        bool isGood = text.Length is > 0 and <= LongestText && !text.Any(char.IsControl) && key.Pattern?.IsMatch(text) != false;
        return isGood ? text : Wrong(key, node, DiagnosticCodes.BadText).Text;
    }

    /// <summary>The flag at the key, else its default; false when not known.</summary>
    public bool Flag(FlagKey key)
    {
        if (Find(key) is not { } node)
            return key.Default;
        return node is ScalarNode { Value: { Kind: ParameterKind.Flag } value } ? value.AsFlag() : Wrong(key, node, DiagnosticCodes.WrongType).Integer != 0;
    }

    /// <summary>The items at the key; none when it is not written or is no list, which is then reported.</summary>
    public IReadOnlyList<Node> Items(ListKey key)
    {
        if (Find(key) is not { } node)
            return [];
        if (node is ListNode { Items: { Count: > 0 } items })
            return items;
        Error(DiagnosticCodes.WrongType, key, $"got {(node is ListNode ? "an empty list" : node.Describe())}; write {key.Allowed}");
        return [];
    }

    public void Error(string code, Key key, string message) => diagnostics.Error(code, PlaceOf(key), $"{PathOf(key)}: {message}");

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string Label(string path) => path.Length == 0 ? "the file" : path;

    private ParameterValue Wrong(Key key, Node node, string code, string hint = "")
    {
        diagnostics.Error(code, node.Place, $"{PathOf(key)}: got {node.Describe()}; write {key.Allowed}{hint}");
        return default;
    }

    private void ReportUnknownKeys()
    {
        ReportMisplacedKeys();
        if (Schema.HoldsHyperparameters || Schema.Algorithms.Count > 0)
            return; // whoever knows the model or the algorithm reports them

        string[] known = [.. Schema.Keys.Select(k => k.Name)];
        foreach (var (key, _) in Entries.Where(e => !known.Contains(e.Key.Text) && !IsMisplaced(e)).Take(DiagnosticList.Limit + 1))
        {
            diagnostics.Error(DiagnosticCodes.UnknownKey, key.Place,
                $"{Label(Path)}: unknown key {Shown.Quoted(key.Text)}; "
                + $"the nearest known key is {Nearest.To(key.Text, known)}, known are {string.Join(", ", known)}");
        }
    }

    private void ReportMisplacedKeys()
    {
        foreach (var entry in Entries.Where(IsMisplaced))
            diagnostics.Error(DiagnosticCodes.Misplaced, entry.Key.Place, $"{Join(Path, entry.Key.Text)}: {Schema.WhyMisplaced}; remove it");
    }

    private bool IsMisplaced(MapNode.Entry entry) => Schema.Misplaced.Any(k => k.Name == entry.Key.Text);

    private void ReportMissingKeys()
    {
        foreach (var key in Schema.Keys.Where(k => k.Required && map is not null && !Has(k)))
            diagnostics.Error(DiagnosticCodes.MissingKey, Place, $"{PathOf(key)}: missing, but required; write {key.Allowed}{key.Instead}");
    }
}
