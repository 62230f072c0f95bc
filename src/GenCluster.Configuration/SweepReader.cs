using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration;

/// <summary>
/// Reads all sections. The result is only worth something when nothing was reported: values that were wrong are 0 or
/// empty in it.
/// </summary>
internal sealed class SweepReader
{
    private readonly Section file;
    private readonly DiagnosticList diagnostics;
    private readonly bool isProgram;

    private SweepReader(Node root, DiagnosticList diagnostics)
    {
        this.diagnostics = diagnostics;
        file = Section.Open(SweepSchema.Root, "", root, root.Place, diagnostics);
        isProgram = file.Find(SweepSchema.Trainable) is MapNode trainable && trainable.Find(ProgramKeys.Command.Name) is not null;
    }

    public static SweepSpec Read(Node root, DiagnosticList diagnostics) => new SweepReader(root, diagnostics).Read();

    private SweepSpec Read()
    {
        _ = (file.Text(SweepSchema.ApiVersion), file.Text(SweepSchema.Kind));
        string name = file.Text(SweepSchema.Name) ?? "";
        var (data, evaluation) = isProgram ? NoData() : ReadData();
        var resourcesSection = file.Child(SweepSchema.Resources);
        var trainingSection = file.Child(SweepSchema.Training with { Schema = isProgram ? TrainingSection.ProgramSchema : TrainingSection.Schema });
        var training = isProgram ? TrainingSection.ReadProgram(trainingSection, ResourcesSection.SmallestGang(resourcesSection)) : TrainingSection.Read(trainingSection);
        var (objective, comparison) = ObjectiveSection.Read(file.Child(SweepSchema.Objective), isProgram, diagnostics);
        var (trainable, space, searched) = isProgram ? ReadProgram() : ReadModel();
        var search = SearchSection.Read(file.Child(SweepSchema.Search), space, searched, Searches(space), diagnostics);

        return new SweepSpec(
            name, trainable, data, training, evaluation, objective, search, space,
            ResourcesSection.Read(resourcesSection, training, trainingSection, isProgram),
            BudgetSection.Read(file.Child(SweepSchema.Budget), search),
            comparison,
            file.Has(SweepSchema.EarlyStopping) ? EarlyStoppingSection.Read(file.Child(SweepSchema.EarlyStopping), training, isProgram, Shapes(trainable, space), search.MaxTrials, diagnostics) : null,
            file.Has(SweepSchema.WarmStart) ? WarmStartSection.Read(file.Child(SweepSchema.WarmStart), name, isProgram, Shapes(trainable, space)) : null);
    }

    private (DataSpec Data, EvaluationSpec Evaluation) ReadData()
    {
        var section = file.Child(SweepSchema.Data);
        var data = DataSection.Read(section);
        return (data, EvaluationSection.Read(file.Child(SweepSchema.Evaluation), data, section));
    }

    private (DataSpec Data, EvaluationSpec Evaluation) NoData()
    {
        foreach (var key in (MapKey[])[SweepSchema.Data, SweepSchema.Evaluation])
        {
            if (file.Has(key))
                file.Error(DiagnosticCodes.Misplaced, key, "does not apply to a program, which opens its own data and measures itself; remove it");
        }

        return (new DataSpec("none", null, 1, 0), new EvaluationSpec(1, 1, 1));
    }

    /// <summary>The two sections whose keys are the model's hyperparameters; without a known model neither can be checked.</summary>
    private (TrainableSpec Trainable, ParameterSpace Space, IReadOnlyDictionary<string, HyperparameterEntry> Searched) ReadModel()
    {
        var trainable = file.Child(SweepSchema.Trainable with { Schema = TrainableSection.ModelSchema });
        var parameters = file.Child(SweepSchema.Parameters);
        if (TrainableSection.ReadModel(trainable) is not { } model)
            return (new TrainableSpec("", Assignment.Empty), ParameterSpace.Empty, new Dictionary<string, HyperparameterEntry>());

        var taken = HyperparameterTree.Read(trainable, model, diagnostics);
        var searched = HyperparameterTree.Read(parameters, model, diagnostics);
        var settings = TrainableSection.Settings(trainable, model, taken, diagnostics);
        var space = ParametersSection.Read(
            file, parameters, searched, taken, model.Hyperparameters, path => searched.ContainsKey(path) && !IsLeftOut(path) ? null : settings.Find(path), diagnostics);

        // One that a trial may not have needs a value for then.
        var always = space.Parameters.Where(p => p.When is null).Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
        return (new TrainableSpec(model.Name, new Assignment([.. settings.Settings.Where(s => !always.Contains(s.Path))])), space, searched);

        bool IsLeftOut(string path) => searched[path].Value is MapNode map && map.Find(Sections.Distributions.DistributionKeys.When.Name) is not null;
    }

    private (TrainableSpec Trainable, ParameterSpace Space, IReadOnlyDictionary<string, HyperparameterEntry> Searched) ReadProgram()
    {
        var trainable = file.Child(SweepSchema.Trainable with { Schema = TrainableSection.ProgramSchema });
        var command = ProgramKeys.Read(trainable, diagnostics);
        var parameters = file.Child(SweepSchema.Parameters);
        var searched = FreeHyperparameters.Read(parameters, diagnostics);
        var space = ParametersSection.Read(
            file, parameters, searched, new Dictionary<string, HyperparameterEntry>(), [.. searched.Values.Select(e => e.Hyperparameter)], _ => null, diagnostics);
        ProgramKeys.CheckMacros(trainable, command, [.. searched.Keys], diagnostics);
        return (new TrainableSpec(CommandSpec.Model, Assignment.Empty, command), space, searched);
    }

    /// <summary>Those searched hyperparameters by which networks differ in shape, so that weights of one trial do not fit another.</summary>
    private static string[] Shapes(TrainableSpec trainable, ParameterSpace space) =>
    [
        .. space.Parameters.Where(p => p.Distribution is not Constant && ModelCatalogue.Find(trainable.Model)?.Find(p.Path) is { ShapesNetworks: true }).Select(p => p.Path),
    ];

    /// <summary>Whether there is something to search; null when mistakes hide it.</summary>
    private bool? Searches(ParameterSpace space)
    {
        if (Array.Exists(space.Parameters, p => p.Distribution is not Constant))
            return true;
        return space.Parameters.Length == 0 && file.Find(SweepSchema.Parameters) is MapNode { Entries.Count: > 0 } ? null : false;
    }
}
