using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections.Distributions;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>
/// The conditions of hyperparameters and the constraints between them. They may ask for what is searched and for what is
/// fixed; fixed values are filled in here, so that a search need not know them.
/// </summary>
/// <param name="known">Hyperparameters that may be named.</param>
/// <param name="isFree">Whether they may have any value.</param>
/// <param name="fixedValue">The value of one that is not searched.</param>
internal sealed class Conditions(
    IReadOnlyList<Hyperparameter> known, bool isFree, Func<string, ParameterValue?> fixedValue, DiagnosticList diagnostics)
{
    /// <summary>Places in distributions at which sentences are tried.</summary>
    private static readonly double[] Samples = [0.5, 0.01, 0.25, 0.75, 0.99];

    private readonly string[] names = [.. known.Select(h => h.Path)];
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <summary>The condition that stands with a distribution; null when there is none, or a wrong one, which is then reported.</summary>
    public Predicate? Read(string path, MapNode distribution)
    {
        if (distribution.Find(DistributionKeys.When.Name) is not { } node)
            return null;
        places[path] = node.Place;
        string label = $"parameters.{path}.when";
        return node is MapNode map ? FromMap(label, map) : Expression(label, node, DistributionKeys.When.Allowed);
    }

    /// <summary>A sentence that is sound in itself; its names are checked later.</summary>
    public Predicate? Expression(string label, Node node, string allowed)
    {
        if (node is not ScalarNode { Value: { Kind: ParameterKind.Text, Text: { } text } })
        {
            diagnostics.Error(DiagnosticCodes.WrongType, node.Place, $"{label}: got {node.Describe()}; write {allowed}");
            return null;
        }

        var predicate = new Predicate(text);
        if (predicate.Fault is null)
            return predicate;
        diagnostics.Error(DiagnosticCodes.BadExpression, node.Place, $"{label}: {Shown.Quoted(text)}, {predicate.Fault}");
        return null;
    }

    /// <summary>Conditions with fixed values filled in: what never holds is left out of the space.</summary>
    public List<Parameter> Resolve(List<Parameter> parameters)
    {
        var searched = parameters.ToDictionary(p => p.Path, StringComparer.Ordinal);
        foreach (var parameter in parameters.Where(p => p.When is not null))
        {
            if (!CheckNames($"parameters.{parameter.Path}.when", places[parameter.Path], parameter.When!, searched))
                searched[parameter.Path] = parameter with { When = null };
        }

        while (searched.Values.FirstOrDefault(p => p.When is not null && Known(p.When, searched).Names.Count == 0) is { } decided)
        {
            if (Known(decided.When!, searched).Holds(_ => null) is true)
                searched[decided.Path] = decided with { When = null };
            else
                LeaveOut(searched, decided); // it has its fixed value then, which may decide others
        }

        foreach (var parameter in searched.Values.Where(p => p.When is not null))
            CheckKinds($"parameters.{parameter.Path}.when", places[parameter.Path], Known(parameter.When!, searched), searched);

        return CutCircles([.. searched.Values.Select(p => p with { When = p.When is null ? null : Known(p.When, searched) })]);
    }

    /// <summary>A constraint with fixed values filled in; null when it always holds, or is wrong, which is then reported.</summary>
    public Predicate? Constraint(string label, Node node, IReadOnlyDictionary<string, Parameter> searched)
    {
        if (Expression(label, node, "a condition like \"layers * width <= 4096\"") is not { } predicate || !CheckNames(label, node.Place, predicate, searched))
            return null;
        var known = Known(predicate, searched);
        if (known.Names.Count > 0)
            return CheckKinds(label, node.Place, known, searched) ? known : null;
        if (known.Holds(_ => null) is not true)
            diagnostics.Error(DiagnosticCodes.NeverHolds, node.Place, $"{label}: {Shown.Quoted(predicate.Text)} does not hold, and nothing in it is searched; change a fixed value or remove it");
        return null;
    }

    private Predicate Known(Predicate predicate, IReadOnlyDictionary<string, Parameter> searched) =>
        predicate.With(name => searched.ContainsKey(name) ? null : fixedValue(name)) is { Fault: null } known ? known : predicate;

    private void LeaveOut(Dictionary<string, Parameter> searched, Parameter parameter)
    {
        searched.Remove(parameter.Path);
        diagnostics.Warning(DiagnosticCodes.NeverHolds, places[parameter.Path],
            $"parameters.{parameter.Path}.when: {Shown.Quoted(parameter.When!.Text)} never holds with the fixed values, so {parameter.Path} is not searched; change them or remove it");
    }

    /// <summary>Whether all names can be given a value. One that is known and has none is wrong elsewhere, where it was reported.</summary>
    private bool CheckNames(string label, Place place, Predicate predicate, IReadOnlyDictionary<string, Parameter> searched)
    {
        foreach (string name in predicate.Names.Except(names))
        {
            string hint = names.Length == 0 ? "there is none" : $"the nearest is {Nearest.ToPath(name, names)}";
            diagnostics.Error(DiagnosticCodes.UnknownName, place, $"{label}: no hyperparameter {Shown.Quoted(name)}; {hint}");
        }

        return predicate.Names.All(n => searched.ContainsKey(n) || fixedValue(n) is not null);
    }

    /// <summary>
    /// Whether a sentence can be decided at all. One that compares a number with a text cannot, and would hold, or not, for
    /// every trial without a word.
    /// </summary>
    private bool CheckKinds(string label, Place place, Predicate predicate, IReadOnlyDictionary<string, Parameter> searched)
    {
        if (!predicate.Names.All(searched.ContainsKey) || Array.Exists(Samples, u => predicate.Holds(name => searched[name].Distribution.Quantile(u)) is not null))
            return true;
        string example = string.Join(", ", predicate.Names.Select(name => $"{name} {searched[name].Distribution.Quantile(Samples[0])}"));
        diagnostics.Error(DiagnosticCodes.Undecidable, place,
            $"{label}: {Shown.Quoted(predicate.Text)} cannot be decided, with {example} for example; numbers go with numbers, texts and true or false with their own kind and only with == and !=");
        return false;
    }

    private Predicate? FromMap(string label, MapNode map)
    {
        if (map.Entries.Count == 0)
            diagnostics.Error(DiagnosticCodes.WrongType, map.Place, $"{label}: got an empty map; write {DistributionKeys.When.Allowed}");
        List<Predicate> parts = [];
        foreach (var (path, entry) in HyperparameterTree.Read(map.Entries, known, isFree ? "the search has" : "the model has", label, diagnostics))
        {
            var nodes = entry.Value is ListNode list ? list.Items : [entry.Value];
            ParameterValue?[] values = [.. nodes.Select(n => HyperparameterValue.Read(entry with { IsFree = isFree }, Section.Join(label, path), n, diagnostics))];
            if (nodes.Count == 0)
                diagnostics.Error(DiagnosticCodes.WrongType, entry.Value.Place, $"{Section.Join(label, path)}: got an empty list; write the values that {path} must have");
            else if (Array.TrueForAll(values, v => v is not null))
                parts.Add(Predicate.Is(path, [.. values.Select(v => v!.Value)]));
        }

        return parts.Count > 0 ? Predicate.All([.. parts]) : null;
    }

    /// <summary>What depends on itself is reported and loses its condition.</summary>
    private List<Parameter> CutCircles(List<Parameter> parameters)
    {
        var waiting = parameters.Where(p => p.When is not null).ToDictionary(p => p.Path, StringComparer.Ordinal);
        while (waiting.Values.FirstOrDefault(p => !p.When!.Names.Any(waiting.ContainsKey)) is { } free)
            waiting.Remove(free.Path);
        foreach (var parameter in waiting.Values)
            diagnostics.Error(DiagnosticCodes.CircularConditions, places[parameter.Path],
                $"parameters.{parameter.Path}.when: depends on itself, by way of {string.Join(", ", parameter.When!.Names.Where(waiting.ContainsKey))}; remove one of the conditions");
        return [.. parameters.Select(p => waiting.ContainsKey(p.Path) ? p with { When = null } : p)];
    }
}
