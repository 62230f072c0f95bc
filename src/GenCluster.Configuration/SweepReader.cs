using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration;

/// <summary>
/// Reads all sections. The result is only worth something when nothing was reported: values that were wrong are 0 or
/// empty in it.
/// </summary>
internal static class SweepReader
{
    public static SweepSpec Read(Node root, DiagnosticList diagnostics)
    {
        var file = Section.Open(SweepSchema.Root, "", root, root.Place, diagnostics);
        _ = (file.Text(SweepSchema.ApiVersion), file.Text(SweepSchema.Kind));
        string name = file.Text(SweepSchema.Name) ?? "";

        var dataSection = file.Child(SweepSchema.Data);
        var data = DataSection.Read(dataSection);
        var trainingSection = file.Child(SweepSchema.Training);
        var training = TrainingSection.Read(trainingSection);
        var evaluation = EvaluationSection.Read(file.Child(SweepSchema.Evaluation), data, dataSection);
        var objective = ObjectiveSection.Read(file.Child(SweepSchema.Objective));
        var (trainable, parameters) = ReadHyperparameters(file, diagnostics);
        var search = SearchSection.Read(file.Child(SweepSchema.Search), Searches(file, parameters), diagnostics);
        var resources = ResourcesSection.Read(file.Child(SweepSchema.Resources), training, trainingSection);
        var budget = BudgetSection.Read(file.Child(SweepSchema.Budget), search);

        return new SweepSpec(name, trainable, data, training, evaluation, objective, search, parameters, resources, budget);
    }

    /// <summary>The two sections whose keys are the model's hyperparameters; without a known model neither can be checked.</summary>
    private static (TrainableSpec Trainable, ParameterSpace Parameters) ReadHyperparameters(Section file, DiagnosticList diagnostics)
    {
        var trainable = file.Child(SweepSchema.Trainable);
        var parameters = file.Child(SweepSchema.Parameters);
        if (TrainableSection.ReadModel(trainable) is not { } model)
            return (new TrainableSpec("", Assignment.Empty), ParameterSpace.Empty);

        var @fixed = HyperparameterTree.Read(trainable, model, diagnostics);
        var searched = HyperparameterTree.Read(parameters, model, diagnostics);
        var space = ParametersSection.Read(parameters, searched, @fixed, diagnostics);
        return (new TrainableSpec(model.Name, TrainableSection.Settings(trainable, model, @fixed, space, diagnostics)), space);
    }

    /// <summary>Whether there is something to search; null when mistakes hide it.</summary>
    private static bool? Searches(Section file, ParameterSpace space)
    {
        if (Array.Exists(space.Parameters, p => p.Distribution is not Constant))
            return true;
        return space.Parameters.Length == 0 && file.Find(SweepSchema.Parameters) is MapNode { Entries.Count: > 0 } ? null : false;
    }
}
