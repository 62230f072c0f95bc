using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>trainable</c>: the model, and hyperparameters that the search leaves alone.</summary>
internal static class TrainableSection
{
    private static readonly TextKey Model =
        new("model", "A model of the zoo.") { Required = true, Choices = [.. ModelCatalogue.All.Select(m => m.Name)] };

    public static readonly SectionSchema Schema = new(Model) { HoldsHyperparameters = true };

    /// <summary>The chosen model; null when not known.</summary>
    public static ModelDescription? ReadModel(Section section) => section.Text(Model) is { } name ? ModelCatalogue.Find(name) : null;

    /// <summary>A value for every hyperparameter that is not searched: the file's, else the model's default.</summary>
    public static Assignment Settings(
        Section section,
        ModelDescription model,
        IReadOnlyDictionary<string, HyperparameterEntry> @fixed,
        ParameterSpace searched,
        DiagnosticList diagnostics)
    {
        var settings = new List<Setting>();
        foreach (var hyperparameter in model.Hyperparameters)
        {
            string path = hyperparameter.Path;
            if (@fixed.TryGetValue(path, out var entry)
                && HyperparameterValue.Read(hyperparameter, Section.Join(section.Path, path), entry.Value, diagnostics) is { } value)
                settings.Add(new Setting(path, value));
            else if (!Array.Exists(searched.Parameters, p => p.Path == path))
                settings.Add(new Setting(path, hyperparameter.Default));
        }

        return new Assignment([.. settings]);
    }
}
