using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections.Distributions;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>
/// The hyperparameters of a program: any path will do, and the distribution gives the type. A map is a distribution when one
/// of its keys is one of a distribution's and holds no map; else it groups hyperparameters.
/// </summary>
internal sealed class FreeHyperparameters(string section, DiagnosticList diagnostics)
{
    private const int LongestPath = 128;

    private static readonly string[] Keys = [.. DistributionReader.Schema.Keys.Select(k => k.Name)];

    private readonly SortedDictionary<string, HyperparameterEntry> found = new(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, HyperparameterEntry> Read(Section section, DiagnosticList diagnostics)
    {
        var free = new FreeHyperparameters(section.Path, diagnostics);
        free.Walk("", section.Entries);
        return free.found;
    }

    private void Walk(string prefix, IEnumerable<MapNode.Entry> entries)
    {
        foreach (var (key, value) in entries)
        {
            string path = Section.Join(prefix, key.Text);
            if (path.Length > LongestPath)
                diagnostics.Error(DiagnosticCodes.BadText, key.Place, $"{section}: got a path of {path.Length} characters; write at most {LongestPath}");
            else if (value is MapNode { Entries.Count: > 0 } map && !IsDistribution(map))
                Walk(path, map.Entries);
            else if (!found.TryAdd(path, new HyperparameterEntry(TypeOf(path, value as MapNode), key.Place, value) { IsFree = true }))
                diagnostics.Error(DiagnosticCodes.DuplicateKey, key.Place, $"{section}.{path}: stands at line {found[path].Place.Line} already; remove one of the two");
        }
    }

    private static bool IsDistribution(MapNode map) => map.Entries.Exists(e => e.Value is not MapNode && Keys.Contains(e.Key.Text));

    /// <summary>What kind of values the distribution gives, as far as can be told.</summary>
    private static Hyperparameter TypeOf(string path, MapNode? map)
    {
        var form = DistributionForm.Find((map?.Find("distribution") as ScalarNode)?.Text);
        bool isInteger = form?.Gives switch
        {
            Gives.Integers => true,
            Gives.Reals => false,
            Gives.Multiples => map!.Find("q") is null or ScalarNode { Value.Kind: ParameterKind.Integer },
            _ => Given(map).All(kind => kind is ParameterKind.Integer) && Given(map).Any(),
        };
        bool isNumber = Given(map).All(kind => kind is ParameterKind.Number or ParameterKind.Integer);
        var kind = isInteger ? ParameterValue.Of(0L) : isNumber ? ParameterValue.Of(0.0) : ParameterValue.Of(""); // of the others each is what it is
        return new Hyperparameter(path, kind, null, null, null, "");
    }

    /// <summary>The kinds of the values and bounds that are written.</summary>
    private static IEnumerable<ParameterKind> Given(MapNode? map) => ((string[])["value", "min", "max", "step"]).Select(k => map?.Find(k))
        .Concat((map?.Find("values") as ListNode)?.Items ?? []).OfType<ScalarNode>().Select(n => n.Value?.Kind).OfType<ParameterKind>();
}
