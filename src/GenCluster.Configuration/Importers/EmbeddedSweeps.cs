using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers;

/// <summary>
/// Configurations of projects that have W&amp;B sweeps in them, below keys of their own, for their own program to hand over:
/// they are no sweeps, and which one is meant a file does not say.
/// </summary>
internal sealed class EmbeddedSweeps : ISweepImporter
{
    private const int MaxDepth = 4;

    public string Kind => "a configuration with W&B sweeps in it";

    public bool Recognises(MapNode root) => Find(root, "", 0).Any();

    public void Read(ForeignMap root, SweepDraft draft)
    {
        var found = Find(root.Node, "", 0).ToList();
        string others = found.Count > 1 ? $", and {found.Count - 1} more, at line {string.Join(", ", found.Skip(1).Take(10).Select(f => f.Place.Line))}" : "";
        draft.Refuse(found[0].Place, $"this is the configuration of a program, not a sweep of its own; there is one in it, at {found[0].Path}{others}: "
            + "copy the one that you mean into a file of its own, with a program or a command");
    }

    private static IEnumerable<(string Path, Place Place)> Find(MapNode map, string path, int depth)
    {
        foreach (var (key, value) in map.Entries)
        {
            string inner = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            if (value is not MapNode child)
                continue;
            if (child.Find("method") is ScalarNode { Text: "grid" or "random" or "bayes" } && child.Find("parameters") is MapNode)
                yield return (inner, key.Place);
            else if (depth < MaxDepth)
            {
                foreach (var found in Find(child, inner, depth + 1))
                    yield return found;
            }
        }
    }
}
