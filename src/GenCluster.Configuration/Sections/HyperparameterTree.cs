using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;

namespace GenCluster.Configuration.Sections;

/// <summary>What a section says about one hyperparameter.</summary>
internal sealed record HyperparameterEntry(Hyperparameter Hyperparameter, Place Place, Node Value)
{
    /// <summary>Whether it is known from the file alone, so that it may be anything.</summary>
    public bool IsFree { get; init; }
}

/// <summary>
/// Finds known hyperparameters in a map: <c>optimizer: {beta1: …}</c> and <c>optimizer.beta1: …</c> mean the same.
/// </summary>
/// <param name="owner">Who does not have an unknown one, as the beginning of a sentence: <c>dcgan has</c>.</param>
internal sealed class HyperparameterTree(IReadOnlyList<Hyperparameter> known, string owner, string section, DiagnosticList diagnostics)
{
    private readonly SortedDictionary<string, HyperparameterEntry> found = new(StringComparer.Ordinal);
    private readonly string[] paths = [.. known.Select(h => h.Path)];
    private int unknown;

    /// <summary>All hyperparameters in the section, by path.</summary>
    public static IReadOnlyDictionary<string, HyperparameterEntry> Read(Section section, ModelDescription model, DiagnosticList diagnostics)
    {
        string[] own = [.. section.Schema.Keys.Concat(section.Schema.Misplaced).Select(k => k.Name)];
        return Read(section.Entries.Where(e => !own.Contains(e.Key.Text)), model.Hyperparameters, $"{model.Name} has", section.Path, diagnostics);
    }

    /// <summary>All hyperparameters in a map, by path.</summary>
    public static IReadOnlyDictionary<string, HyperparameterEntry> Read(
        IEnumerable<MapNode.Entry> entries, IReadOnlyList<Hyperparameter> known, string owner, string section, DiagnosticList diagnostics)
    {
        var tree = new HyperparameterTree(known, owner, section, diagnostics);
        tree.Walk("", entries);
        return tree.found;
    }

    private void Walk(string prefix, IEnumerable<MapNode.Entry> entries)
    {
        foreach (var (key, value) in entries)
        {
            string path = Section.Join(prefix, key.Text);
            if (known.FirstOrDefault(h => h.Path == path) is { } hyperparameter)
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
        string hint = paths.Length == 0 ? "remove it" : $"the nearest is {Nearest.ToPath(path, paths)}, known are {string.Join(", ", paths)}";
        diagnostics.Error(DiagnosticCodes.UnknownHyperparameter, place, $"{section}: {owner} no hyperparameter {Shown.Quoted(path)}; {hint}");
    }

    private void ReportNoMap(string path, Node value) => diagnostics.Error(DiagnosticCodes.WrongType, value.Place,
        $"{section}.{path}: got {value.Describe()}; write a map, it groups {string.Join(", ", Members(path))}");
}
