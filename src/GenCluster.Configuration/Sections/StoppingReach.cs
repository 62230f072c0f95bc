using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>Whether an early-stopping rule can ever stop a trial of its sweep, by its steps, its evaluations and the number of trials.</summary>
internal sealed class StoppingReach(Section section, EarlyStoppingSpec rule, TrainingSpec training, int maxTrials, DiagnosticList diagnostics)
{
    // Options that say at which step a trial is looked at for the first time, or every so many steps.
    private static readonly Dictionary<string, string[]> Rungs = new() { ["asha"] = ["gracePeriod"], ["hyperband"] = ["minSteps"], ["pbt"] = ["interval", "burnIn"] };

    private readonly AlgorithmDescription description = SearchCatalogue.FindScheduler(rule.Type)!;

    /// <summary>For trials that are evaluated every so many of their steps, as the file says.</summary>
    public void CheckSteps()
    {
        if (training.Steps <= 0 || training.EvaluateEvery <= 0)
            return; // not known
        if (training.EvaluateEvery >= training.Steps)
        {
            diagnostics.Error(DiagnosticCodes.RungWithoutEvaluation, PlaceOf("type"),
                $"{PathOf("type")}: trials are evaluated at their end only, step {training.Steps}, so none could end before; write training.evaluateEvery");
            return;
        }

        foreach (string name in Rungs.GetValueOrDefault(rule.Type, []))
        {
            if (rule.Options.Find(name) is { } value && value.AsNumber() is var step and > 0)
                CheckRung(name, step);
        }

        int evaluations = (training.Steps - 1) / training.EvaluateEvery; // before the last step
        if (rule.Type is "median" or "percentile" && Is("rule", "katib"))
            CheckReach("gracePeriod", evaluations + 1, $"is evaluated {evaluations} times before its end");
        else if (rule.Type is "median" or "percentile" or "patience" or "threshold")
            CheckReach("gracePeriod", training.Steps, $"has only {training.Steps} steps");
        if (rule.Type is "patience")
            CheckReach("evaluations", evaluations + 1, $"is evaluated {evaluations} times before its end");
    }

    public void CheckTrials()
    {
        if (maxTrials <= 0)
            return; // not known
        if (rule.Type is "median" or "percentile" && Number("minTrials") is var others && others >= maxTrials)
        {
            diagnostics.Warning(DiagnosticCodes.TooFewTrials, PlaceOf("minTrials"),
                $"{PathOf("minTrials")}: a trial is compared with {others} others at least, and the sweep has {maxTrials} in all, so none is ever stopped; write less, or raise search.maxTrials");
        }

        if (rule.Type is not "pbt")
            return;
        double population = Number("population");
        if (population > maxTrials)
            Wrong("population", $"got {population}, but there are only {maxTrials} trials; write at most {maxTrials}, or raise search.maxTrials");
        else if (population == 1 || (population == 0 && maxTrials == 1))
            Wrong("population", $"one member has nobody to learn from; write {(population == 0 ? "search.maxTrials: 2 or more" : "2 or more")}");
    }

    private void CheckRung(string name, double step)
    {
        double below = Math.Floor(step / training.EvaluateEvery) * training.EvaluateEvery;
        string nearest = below > 0 ? $"{below} or {below + training.EvaluateEvery}" : $"{training.EvaluateEvery}";
        if (step >= training.Steps)
            CheckReach(name, training.Steps, $"has only {training.Steps} steps");
        else if (step != below)
            diagnostics.Error(DiagnosticCodes.RungWithoutEvaluation, PlaceOf(name),
                $"{PathOf(name)}: got {ParameterValue.Of(step)} steps, but trials are evaluated every {training.EvaluateEvery} (training.evaluateEvery); use {nearest}");
    }

    private void CheckReach(string name, double end, string life)
    {
        if (Number(name) >= end)
            diagnostics.Error(DiagnosticCodes.NeverHappens, PlaceOf(name), $"{PathOf(name)}: got {ParameterValue.Of(Number(name))}, but a trial {life}; write less");
    }

    private void Wrong(string name, string message) => diagnostics.Error(DiagnosticCodes.TooFewTrials, PlaceOf(name), $"{PathOf(name)}: {message}");

    private double Number(string name) => description.Option(rule.Options, name).AsNumber();

    private bool Is(string name, string value) => description.Option(rule.Options, name).Text == value;

    private string PathOf(string name) => Section.Join(section.Path, name);

    private Place PlaceOf(string name) => section.Entries.FirstOrDefault(e => e.Key.Text == name) is { Value: { } given } ? given.Place : section.Place;
}
