using GenCluster.Configuration.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GenCluster.Configuration.Yaml;

/// <summary>
/// Builds the tree of nodes from parser events, without recursion and within limits. What YAML offers to attackers and
/// nobody needs in a sweep file (anchors, aliases, merge keys, tags, several documents) is refused by name.
/// </summary>
internal sealed class NodeReader(DiagnosticList diagnostics)
{
    public const int MaxEvents = 20_000;
    public const int MaxDepth = 32;

    private const string CoreTags = "tag:yaml.org,2002:";

    private readonly Stack<Node> open = new();
    private readonly Stack<ScalarNode?> keys = new(); // the key that waits for its value, one per open node
    private Node? root;
    private int events;
    private int documents;
    private bool refused;

    /// <summary>The document's root, or null when the file was refused.</summary>
    public static Node? Read(string text, DiagnosticList diagnostics)
    {
        var reader = new NodeReader(diagnostics);
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
            case AnchorAlias alias:
                Refuse(DiagnosticCodes.Alias, PlaceOf(alias.Start),
                    $"alias {Shown.Quoted("*" + alias.Value)}; aliases are not allowed, write the value out");
                Attach(new ScalarNode(PlaceOf(alias.Start), "", isPlain: true));
                break;
            case Scalar scalar:
                RefuseProperties(scalar);
                Attach(new ScalarNode(PlaceOf(scalar.Start), scalar.Value, scalar.Style is ScalarStyle.Plain));
                break;
            case MappingStart map:
                RefuseProperties(map);
                Open(new MapNode(PlaceOf(map.Start)));
                break;
            case SequenceStart list:
                RefuseProperties(list);
                Open(new ListNode(PlaceOf(list.Start)));
                break;
            case MappingEnd or SequenceEnd:
                open.Pop();
                keys.Pop();
                break;
        }
    }

    private void RefuseProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
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
        if (map.Add(new MapNode.Entry(key, value)) is { } first)
            diagnostics.Error(DiagnosticCodes.DuplicateKey, key.Place,
                $"key {Shown.Quoted(key.Text)} stands at line {first.Key.Place.Line} already; remove one of the two");
    }

    private ScalarNode AsKey(Node node)
    {
        if (node is not ScalarNode key)
            Refuse(DiagnosticCodes.BadKey, node.Place, $"{node.Describe()} as a key; keys are plain names");
        else if (key is { IsPlain: true, Text: "<<" })
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
