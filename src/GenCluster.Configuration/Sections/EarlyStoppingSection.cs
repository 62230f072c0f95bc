using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>earlyStopping</c>.</summary>
internal static class EarlyStoppingSection
{
    private static readonly TextKey Type =
        new("type", "The rule by which trials end before their last step.") { Required = true, Choices = [.. SearchCatalogue.Schedulers.Select(s => s.Name)] };

    public static readonly SectionSchema Schema = new(Type) { Algorithms = SearchCatalogue.Schedulers };

    /// <param name="shapes">Searched hyperparameters by which networks differ in shape.</param>
    public static EarlyStoppingSpec? Read(Section section, TrainingSpec training, bool isProgram, IReadOnlyList<string> shapes, int maxTrials, DiagnosticList diagnostics)
    {
        if (section.Text(Type) is not { } type || SearchCatalogue.FindScheduler(type) is not { } rule)
            return null;
        var options = OptionsReader.Read(section, rule, diagnostics);
        var spec = new EarlyStoppingSpec(type, options);
        if (type is "pbt" && shapes.Count > 0)
            section.Error(DiagnosticCodes.WeightsDoNotFit, Type,
                $"pbt goes on from the weights of other trials, which do not fit where {Shown.All(shapes)} {(shapes.Count == 1 ? "differs" : "differ")}; fix {(shapes.Count == 1 ? "it" : "them")} in trainable, or write another rule");
        if (type is "threshold")
            CheckBounds(section, spec);
        var reach = new StoppingReach(section, spec, training, maxTrials, diagnostics);
        reach.CheckTrials();
        if (!isProgram)
            reach.CheckSteps();
        else if (training.Steps == CommandSpec.NoEnd && NeedsSteps(spec))
            section.Error(DiagnosticCodes.MissingKey, Type, $"{type} has to know how many steps a trial has, and the program takes as many as it likes; write training.steps");
        return spec;
    }

    /// <summary>Whether a rule counts from the steps that a trial has in all; the others judge what it has reported so far.</summary>
    public static bool NeedsSteps(EarlyStoppingSpec spec) => spec.Type switch
    {
        "hyperband" or "pbt" => true,
        "asha" when Option(spec, "maxSteps").AsNumber() == 0 && Option(spec, "mode").Text is "stop" => Option(spec, "rule").Text switch
        {
            "determined" => true,
            "wandb" => Option(spec, "gracePeriod").AsNumber() == 0,
            _ => false,
        },
        _ => false,
    };

    private static ParameterValue Option(EarlyStoppingSpec spec, string name) => SearchCatalogue.FindScheduler(spec.Type)!.Option(spec.Options, name);

    private static void CheckBounds(Section section, EarlyStoppingSpec spec)
    {
        double lower = Option(spec, "lower").AsNumber(), upper = Option(spec, "upper").AsNumber();
        if (!section.Entries.Any(e => e.Key.Text is "lower" or "upper"))
            section.Error(DiagnosticCodes.MissingKey, Type, "threshold has no bound, so it would stop no trial; write lower or upper");
        else if (lower > upper)
            section.Error(DiagnosticCodes.OutOfRange, Type, $"lower, {ParameterValue.Of(lower)}, is above upper, {ParameterValue.Of(upper)}, so it would stop every trial; swap them");
    }
}
