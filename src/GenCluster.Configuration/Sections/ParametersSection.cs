using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>parameters</c>: what the search may choose.</summary>
internal static class ParametersSection
{
    public static readonly SectionSchema Schema = new() { HoldsHyperparameters = true };

    public static ParameterSpace Read(
        Section section,
        IReadOnlyDictionary<string, HyperparameterEntry> searched,
        IReadOnlyDictionary<string, HyperparameterEntry> @fixed,
        DiagnosticList diagnostics)
    {
        var parameters = new List<Parameter>();
        foreach (var (path, entry) in searched)
        {
            string place = Section.Join(section.Path, path);
            if (@fixed.TryGetValue(path, out var other))
                diagnostics.Error(DiagnosticCodes.FixedTwice, entry.Place,
                    $"{place}: has a fixed value in trainable, line {other.Place.Line}, too; remove one of the two");
            if (DistributionReader.Read(entry, place, diagnostics) is { } distribution)
                parameters.Add(new Parameter(path, distribution));
        }

        return new ParameterSpace([.. parameters]);
    }
}
