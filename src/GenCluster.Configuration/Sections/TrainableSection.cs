using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>trainable</c>: a model, and hyperparameters that the search leaves alone; or a program.</summary>
internal static class TrainableSection
{
    private static readonly TextKey Model = new("model", "A model of the zoo.") { Required = true, Choices = [.. ModelCatalogue.All.Select(m => m.Name)], Instead = "; for a program write trainable.command in its place" };

    public static readonly SectionSchema ModelSchema = new(Model)
    {
        HoldsHyperparameters = true,
        Misplaced = [.. ProgramKeys.All.Where(k => k != ProgramKeys.Command)],
        WhyMisplaced = "goes with trainable.command, and this is a model",
    };

    public static readonly SectionSchema ProgramSchema = new(ProgramKeys.All)
    {
        Misplaced = [Model],
        WhyMisplaced = "goes without trainable.command: a trial is either a model or a program",
    };

    /// <summary>Both forms, for documentation.</summary>
    public static readonly SectionSchema Schema = new([Model with { Required = false }, .. ProgramKeys.All]) { HoldsHyperparameters = true };

    /// <summary>The chosen model; null when not known.</summary>
    public static ModelDescription? ReadModel(Section section) => section.Text(Model) is { } name ? ModelCatalogue.Find(name) : null;

    /// <summary>The values that the file gives, of those that are sound, and the model's defaults for the others.</summary>
    public static Assignment Settings(
        Section section, ModelDescription model, IReadOnlyDictionary<string, HyperparameterEntry> taken, DiagnosticList diagnostics) => new(
    [
        .. model.Hyperparameters.Select(h => new Setting(h.Path, taken.TryGetValue(h.Path, out var entry)
            ? HyperparameterValue.Read(h, Section.Join(section.Path, h.Path), entry.Value, diagnostics) ?? h.Default
            : h.Default)),
    ]);
}
