using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>earlyStopping</c>.</summary>
internal static class EarlyStoppingSection
{
    // Options that say at which step a trial is looked at for the first time, or every so many steps.
    private static readonly Dictionary<string, string[]> Rungs = new() { ["asha"] = ["gracePeriod"], ["hyperband"] = ["minSteps"], ["pbt"] = ["interval", "burnIn"] };

    private static readonly TextKey Type =
        new("type", "The rule by which trials end before their last step.") { Required = true, Choices = [.. SearchCatalogue.Schedulers.Select(s => s.Name)] };

    public static readonly SectionSchema Schema = new(Type) { Algorithms = SearchCatalogue.Schedulers };

    public static EarlyStoppingSpec? Read(Section section, TrainingSpec training, bool isProgram, DiagnosticList diagnostics)
    {
        if (section.Text(Type) is not { } type || SearchCatalogue.FindScheduler(type) is not { } rule)
            return null;
        var options = OptionsReader.Read(section, rule, diagnostics);
        if (!isProgram)
            CheckRungs(section, type, training, options, diagnostics);
        return new EarlyStoppingSpec(type, options);
    }

    private static void CheckRungs(Section section, string type, TrainingSpec training, Assignment options, DiagnosticList diagnostics)
    {
        if (training.Steps <= 0 || training.EvaluateEvery <= 0)
            return; // not known
        if (training.EvaluateEvery >= training.Steps)
        {
            section.Error(DiagnosticCodes.RungWithoutEvaluation, Type,
                $"trials are evaluated at their end only, step {training.Steps}, so none could end before; write training.evaluateEvery");
            return;
        }

        foreach (string name in Rungs.GetValueOrDefault(type, []))
        {
            if (options.Find(name) is { } value && value.AsNumber() is var step and > 0)
                CheckRung(section, name, step, training, diagnostics);
        }
    }

    private static void CheckRung(Section section, string name, double step, TrainingSpec training, DiagnosticList diagnostics)
    {
        var place = section.Entries.First(e => e.Key.Text == name).Value.Place;
        string path = Section.Join(section.Path, name);
        double below = Math.Floor(step / training.EvaluateEvery) * training.EvaluateEvery;
        string nearest = below > 0 ? $"{below} or {below + training.EvaluateEvery}" : $"{training.EvaluateEvery}";
        if (step >= training.Steps)
            diagnostics.Error(DiagnosticCodes.NeverHappens, place, $"{path}: got {ParameterValue.Of(step)}, but a trial has only {training.Steps} steps; write less");
        else if (step != below)
            diagnostics.Error(DiagnosticCodes.RungWithoutEvaluation, place,
                $"{path}: got {ParameterValue.Of(step)} steps, but trials are evaluated every {training.EvaluateEvery} (training.evaluateEvery); use {nearest}");
    }
}
