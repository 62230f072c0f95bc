namespace GenCluster.Configuration.Yaml;

/// <summary>
/// What the anchors of a file stand for, and how much that is with all aliases in it written out. A node that is not yet
/// closed stands for nothing, so no node holds itself.
/// </summary>
internal sealed class Anchors
{
    private readonly Dictionary<string, Node> named = [];
    private readonly Dictionary<Node, (int Size, int Height)> closed = [];
    private readonly HashSet<Node> needed = [];

    public void Name(string anchor, Node node)
    {
        named[anchor] = node;
        needed.Add(node);
        if (node is ScalarNode)
            closed[node] = (1, 0);
    }

    public void Close(Node node)
    {
        if (needed.Contains(node))
            closed[node] = Measure(node);
    }

    /// <summary>The node with its size in parts and its height in levels; null when there is none, or it is still open.</summary>
    public (Node Node, int Size, int Height)? Find(string anchor) =>
        named.TryGetValue(anchor, out var node) && closed.TryGetValue(node, out var measure) ? (node, measure.Size, measure.Height) : null;

    // The file's limit on parts, which counts an alias as all that it stands for, bounds this.
    private static (int Size, int Height) Measure(Node node)
    {
        Node[] children = node switch
        {
            MapNode map => [.. map.Entries.Select(e => e.Value)],
            ListNode list => [.. list.Items],
            _ => [],
        };
        var measures = children.Select(Measure).ToList();
        int keys = node is MapNode ? children.Length : 0;
        return (1 + keys + measures.Sum(m => m.Size), node is ScalarNode ? 0 : 1 + measures.Select(m => m.Height).DefaultIfEmpty(0).Max());
    }
}
