using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;

namespace GenCluster.Configuration.Sections;

/// <summary>What a section says about one hyperparameter.</summary>
internal sealed record HyperparameterEntry(Hyperparameter Hyperparameter, Place Place, Node Value);

/// <summary>
/// Finds a model's hyperparameters in a section: <c>optimizer: {beta1: …}</c> and <c>optimizer.beta1: …</c> mean the same.
/// </summary>
internal sealed class HyperparameterTree(ModelDescription model, string section, DiagnosticList diagnostics)
{
    private readonly SortedDictionary<string, HyperparameterEntry> found = new(StringComparer.Ordinal);
    private readonly string[] paths = [.. model.Hyperparameters.Select(h => h.Path)];
    private int unknown;

    /// <summary>All hyperparameters in the section, by path.</summary>
    public static IReadOnlyDictionary<string, HyperparameterEntry> Read(Section section, ModelDescription model, DiagnosticList diagnostics)
    {
        var tree = new HyperparameterTree(model, section.Path, diagnostics);
        string[] own = [.. section.Schema.Keys.Select(k => k.Name)];
        tree.Walk("", section.Entries.Where(e => !own.Contains(e.Key.Text)));
        return tree.found;
    }

    private void Walk(string prefix, IEnumerable<MapNode.Entry> entries)
    {
        foreach (var (key, value) in entries)
        {
            string path = Section.Join(prefix, key.Text);
            if (model.Find(path) is { } hyperparameter)
                Add(new HyperparameterEntry(hyperparameter, key.Place, value));
            else if (!IsGroup(path))
                ReportUnknown(path, key.Place);
            else if (value is MapNode group)
                Walk(path, group.Entries);
            else
                ReportNoMap(path, value);
        }
    }

    private bool IsGroup(string path) => Members(path).Any();

    private IEnumerable<string> Members(string group) => paths.Where(p => p.StartsWith(group + ".", StringComparison.Ordinal));

    private void Add(HyperparameterEntry entry)
    {
        string path = entry.Hyperparameter.Path;
        if (!found.TryAdd(path, entry))
            diagnostics.Error(DiagnosticCodes.DuplicateKey, entry.Place,
                $"{section}.{path}: stands at line {found[path].Place.Line} already; remove one of the two");
    }

    private void ReportUnknown(string path, Place place)
    {
        if (++unknown > DiagnosticList.Limit + 1)
            return; // nobody reads them, and finding the nearest costs time
        diagnostics.Error(DiagnosticCodes.UnknownHyperparameter, place,
            $"{section}: {model.Name} has no hyperparameter {Shown.Quoted(path)}; "
            + $"the nearest is {Nearest.ToPath(path, paths)}, known are {string.Join(", ", paths)}");
    }

    private void ReportNoMap(string path, Node value) => diagnostics.Error(DiagnosticCodes.WrongType, value.Place,
        $"{section}.{path}: got {value.Describe()}; write a map, it groups {string.Join(", ", Members(path))}");
}
