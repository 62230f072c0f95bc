using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GenCluster.Configuration.Yaml;

/// <summary>
/// Builds the tree of nodes from parser events, without recursion and within limits. What YAML offers to attackers and
/// nobody needs in a sweep file (anchors, aliases, merge keys, tags, several documents) is refused by name. Files of other
/// tools may have anchors and the like: there an alias counts as all that it stands for, so that the limits hold.
/// </summary>
internal sealed partial class NodeReader(DiagnosticList diagnostics, bool foreign)
{
    public const int MaxEvents = 20_000;
    public const int MaxDepth = 32;

    private const string CoreTags = "tag:yaml.org,2002:";

    private readonly Stack<Node> open = new();
    private readonly Stack<ScalarNode?> keys = new(); // the key that waits for its value, one per open node
    private readonly Stack<(MapNode Map, ScalarNode Key, Node Value)> merges = new();
    private readonly Anchors anchors = new();
    private Node? root;
    private int events;
    private int documents;
    private bool refused;

    /// <summary>The document's root, or null when the file was refused.</summary>
    /// <param name="foreign">Whether the file is another tool's, which may have anchors, aliases, merge keys and tags of the core schema.</param>
    public static Node? Read(string text, DiagnosticList diagnostics, bool foreign = false)
    {
        var reader = new NodeReader(diagnostics, foreign);
        var scanner = new Scanner(new StringReader(text));
        var parser = new Parser(scanner);
        while (reader.MoveNext(parser, scanner) && reader.IsWithinLimits(parser.Current!))
            reader.Take(parser.Current!);

        if (!reader.refused && reader.root is null or ScalarNode { IsNull: true })
            reader.Refuse(DiagnosticCodes.Empty, Place.Start, "the file is empty; a sweep file begins with 'apiVersion: gencluster/v1'");
        return reader.refused ? null : reader.root;
    }

    private bool MoveNext(Parser parser, Scanner scanner)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (YamlException e)
        {
            Refuse(DiagnosticCodes.Syntax, PlaceOf(e.Start), $"this is not YAML: {Sentence(e.Message)}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser also fails in ways of its own, e.g. InvalidOperationException where a flow map is not closed.
            Refuse(DiagnosticCodes.Syntax, PlaceOf(scanner.CurrentPosition),
                "this is not YAML; perhaps a bracket, a brace or a quote before it is not closed");
        }

        return false;
    }

    private bool IsWithinLimits(ParsingEvent current)
    {
        documents += current is DocumentStart ? 1 : 0;
        if (documents > 1)
            Refuse(DiagnosticCodes.SeveralDocuments, PlaceOf(current.Start), "a second document begins here; put each sweep into a file of its own");
        else if (++events > MaxEvents)
            Refuse(DiagnosticCodes.TooManyParts, PlaceOf(current.Start),
                $"the file has more than {MaxEvents} parts; a sweep file has a few dozen, is it the right one?");
        else if (open.Count == MaxDepth && current is MappingStart or SequenceStart)
            Refuse(DiagnosticCodes.TooDeep, PlaceOf(current.Start), $"maps and lists are nested more than {MaxDepth} deep; a sweep file needs 4");
        else
            return true;
        return false;
    }

    private void Take(ParsingEvent current)
    {
        switch (current)
        {
            case AnchorAlias alias when foreign:
                Attach(Resolve(alias));
                break;
            case AnchorAlias alias:
                Refuse(DiagnosticCodes.Alias, PlaceOf(alias.Start),
                    $"alias {Shown.Quoted("*" + alias.Value)}; aliases are not allowed, write the value out");
                Attach(new ScalarNode(PlaceOf(alias.Start), "", isPlain: true));
                break;
            case Scalar scalar:
                RefuseProperties(scalar);
                Attach(Named(scalar, new ScalarNode(PlaceOf(scalar.Start), scalar.Value, IsPlain(scalar))));
                break;
            case MappingStart map:
                RefuseProperties(map);
                Open(Named(map, new MapNode(PlaceOf(map.Start))));
                break;
            case SequenceStart list:
                RefuseProperties(list);
                Open(Named(list, new ListNode(PlaceOf(list.Start))));
                break;
            case MappingEnd or SequenceEnd:
                Close(open.Pop());
                keys.Pop();
                break;
        }
    }

    private Node Resolve(AnchorAlias alias)
    {
        var place = PlaceOf(alias.Start);
        if (anchors.Find(alias.Value.Value) is not { } named)
            Refuse(DiagnosticCodes.Alias, place, $"alias {Shown.Quoted("*" + alias.Value)} stands for nothing that ends before it; write the value out");
        else if ((events += named.Size) > MaxEvents)
            Refuse(DiagnosticCodes.TooManyParts, place, $"with all aliases written out the file has more than {MaxEvents} parts; is it the right one?");
        else if (open.Count + named.Height > MaxDepth)
            Refuse(DiagnosticCodes.TooDeep, place, $"with all aliases written out maps and lists are nested more than {MaxDepth} deep");
        else
            return named.Node;
        return new ScalarNode(place, "", isPlain: true);
    }

    private T Named<T>(NodeEvent written, T node)
        where T : Node
    {
        if (foreign && !written.Anchor.IsEmpty)
            anchors.Name(written.Anchor.Value, node);
        return node;
    }

    /// <summary>A scalar that its tag makes a text is one, as if it were quoted; one that its tag makes a number is one in spite of quotes.</summary>
    private bool IsPlain(Scalar scalar) => scalar.Tag switch
    {
        { IsEmpty: true } or { IsNonSpecific: true } => scalar.Style is ScalarStyle.Plain,
        var tag => foreign && tag.Value is not CoreTags + "str",
    };

    private void RefuseProperties(NodeEvent node)
    {
        if (foreign && (node.Tag.IsEmpty || node.Tag.IsNonSpecific || CoreTag().IsMatch(node.Tag.Value)))
            return;
        if (!node.Anchor.IsEmpty && !foreign)
            Refuse(DiagnosticCodes.Alias, PlaceOf(node.Start),
                $"anchor {Shown.Quoted("&" + node.Anchor.Value)}; anchors are not allowed, write the value out where it is used");
        if (!node.Tag.IsEmpty)
            Refuse(DiagnosticCodes.Tag, PlaceOf(node.Start),
                $"tag {Shown.Quoted(AsWritten(node.Tag))}; tags are not allowed, the type follows from the value, remove it");
    }

    private void Open(Node node)
    {
        Attach(node);
        open.Push(node);
        keys.Push(null);
    }

    private void Attach(Node node)
    {
        if (!open.TryPeek(out var parent))
            root = node;
        else if (parent is ListNode list)
            list.Items.Add(node);
        else if (keys.Pop() is { } key)
            AddEntry((MapNode)parent, key, node);
        else
            keys.Push(AsKey(node));
    }

    private void AddEntry(MapNode map, ScalarNode key, Node value)
    {
        keys.Push(null);
        if (foreign && key is { IsPlain: true, Text: "<<" })
        {
            merges.Push((map, key, value)); // its parts may not be there yet
            return;
        }

        var entry = new MapNode.Entry(key, value);
        if (map.Add(entry) is not { } first)
            return;
        if (foreign)
        {
            map.Replace(entry);
            diagnostics.Warning(DiagnosticCodes.ReadOtherwise, key.Place, $"key {Shown.Quoted(key.Text)} stands at line {first.Key.Place.Line} already; the last one counts");
        }
        else
            diagnostics.Error(DiagnosticCodes.DuplicateKey, key.Place,
                $"key {Shown.Quoted(key.Text)} stands at line {first.Key.Place.Line} already; remove one of the two");
    }

    private void Close(Node node)
    {
        while (merges.TryPeek(out var merge) && merge.Map == node)
        {
            merges.Pop();
            Merge(merge.Map, merge.Key, merge.Value);
        }

        anchors.Close(node);
    }

    /// <summary>The merge key of YAML 1.1: a map's own keys win, whether they stand before it or after it.</summary>
    private void Merge(MapNode map, ScalarNode key, Node value)
    {
        Node[] sources = value is ListNode list ? [.. list.Items] : [value];
        if (!Array.TrueForAll(sources, s => s is MapNode))
            Refuse(DiagnosticCodes.Alias, key.Place, $"merge key '<<' with {value.Describe()}; it takes an alias of a map");
        foreach (var entry in sources.OfType<MapNode>().SelectMany(s => s.Entries))
            map.AddInherited(entry);
    }

    private ScalarNode AsKey(Node node)
    {
        if (node is not ScalarNode key)
            Refuse(DiagnosticCodes.BadKey, node.Place, $"{node.Describe()} as a key; keys are plain names");
        else if (key is { IsPlain: true, Text: "<<" } && !foreign)
            Refuse(DiagnosticCodes.Alias, key.Place, "merge key '<<'; merging is not allowed, write the keys out");
        else
            return key;
        return new ScalarNode(node.Place, "", isPlain: false);
    }

    /// <summary>Reports what makes the tree worth nothing: whatever else would be said of it could be wrong.</summary>
    private void Refuse(string code, Place place, string message)
    {
        refused = true;
        diagnostics.Error(code, place, message);
    }

    [GeneratedRegex(@"^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq|python/tuple|python/str|python/unicode)\z")]
    private static partial Regex CoreTag();

    private static Place PlaceOf(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string AsWritten(TagName tag) => tag switch
    {
        { IsNonSpecific: true } => "!",
        { Value: var value } when value.StartsWith(CoreTags, StringComparison.Ordinal) => "!!" + value[CoreTags.Length..],
        _ => tag.Value,
    };

    private static string Sentence(string message) =>
        message.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
}
