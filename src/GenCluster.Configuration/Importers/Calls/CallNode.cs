using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers.Calls;

/// <summary>A call in a text of a file: <c>tune.loguniform(1e-4, 1e-1)</c>, <c>int(interval(4, 16))</c>.</summary>
internal sealed class CallNode(Place place, string name) : Node(place)
{
    public string Name { get; } = name;

    /// <summary>The name without what stands before its last point.</summary>
    public string LastName => Name[(Name.LastIndexOf('.') + 1)..];

    public List<Node> Arguments { get; } = [];

    public Dictionary<string, Node> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>The argument at a position or of a name; null when there is none.</summary>
    public Node? Argument(int position, params IReadOnlyList<string> names) =>
        position < Arguments.Count ? Arguments[position] : names.Select(n => Named.GetValueOrDefault(n)).FirstOrDefault(n => n is not null);

    public override string Describe() => $"a call of {Name}";
}
