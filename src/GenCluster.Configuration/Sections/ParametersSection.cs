using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections.Distributions;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>parameters</c>: what the search may choose.</summary>
internal static class ParametersSection
{
    public static readonly SectionSchema Schema = new() { HoldsHyperparameters = true };

    /// <summary>The list <c>constraints</c>, beside <c>parameters</c>.</summary>
    public static readonly ListKey Constraints = new(
        "constraints", "What must hold between hyperparameters; about one that a trial does not have, it holds.",
        new TextKey("constraint", "A condition about hyperparameters.") { PatternMeaning = "a condition like \"layers * width <= 4096\"" });

    /// <param name="searched">What the file says of each hyperparameter that is searched.</param>
    /// <param name="taken">Where hyperparameters have fixed values.</param>
    /// <param name="known">Hyperparameters that conditions may name.</param>
    /// <param name="fixedValue">The value of one that is not searched.</param>
    public static ParameterSpace Read(
        Section file,
        Section section,
        IReadOnlyDictionary<string, HyperparameterEntry> searched,
        IReadOnlyDictionary<string, HyperparameterEntry> taken,
        IReadOnlyList<Hyperparameter> known,
        Func<string, ParameterValue?> fixedValue,
        DiagnosticList diagnostics)
    {
        var conditions = new Conditions(known, isFree: searched.Values.Any(e => e.IsFree), fixedValue, diagnostics);
        var parameters = new List<Parameter>();
        foreach (var (path, entry) in searched)
        {
            string place = Section.Join(section.Path, path);
            if (taken.TryGetValue(path, out var other))
                diagnostics.Error(DiagnosticCodes.FixedTwice, entry.Place,
                    $"{place}: has a fixed value in trainable, line {other.Place.Line}, too; remove one of the two");
            var distribution = DistributionReader.Read(entry, place, diagnostics);
            var when = entry.Value is MapNode map ? conditions.Read(path, map) : null;
            if (distribution is not null)
                parameters.Add(new Parameter(path, distribution, when));
        }

        var resolved = conditions.Resolve(parameters);
        var space = new ParameterSpace([.. resolved], [.. ReadConstraints(file, resolved, conditions)]);
        if (space.Constraints.Length > 0 && !diagnostics.HasErrors && !Room.IsLeftIn(space))
            file.Error(DiagnosticCodes.NothingAdmitted, Constraints, $"none of {Room.Tries} random configurations satisfies them all; loosen one of them");
        return space;
    }

    private static IEnumerable<Predicate> ReadConstraints(Section file, List<Parameter> parameters, Conditions conditions)
    {
        var searched = parameters.ToDictionary(p => p.Path, StringComparer.Ordinal);
        foreach (var node in file.Items(Constraints))
        {
            if (conditions.Constraint(file.PathOf(Constraints), node, searched) is { } constraint)
                yield return constraint;
        }
    }
}
