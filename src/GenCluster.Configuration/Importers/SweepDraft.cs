using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Sections;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers;

/// <summary>What an importer has understood of a file so far, and where it writes what it has to say.</summary>
internal sealed class SweepDraft(DiagnosticList diagnostics)
{
    public const int Endless = 100_000;

    private readonly SortedDictionary<string, Parameter> parameters = new(StringComparer.Ordinal);

    /// <summary>As the file has it; made into one of ours later.</summary>
    public string? Name { get; set; }

    public ObjectiveSpec? Objective { get; set; }

    public List<ObjectiveSpec> FurtherObjectives { get; } = [];

    public string Algorithm { get; set; } = "random";

    public List<Setting> AlgorithmOptions { get; } = [];

    /// <summary>Null: until it is stopped.</summary>
    public long? MaxTrials { get; set; }

    public long ParallelTrials { get; set; } = 1;

    public List<Assignment> SeedTrials { get; } = [];

    public EarlyStoppingSpec? EarlyStopping { get; set; }

    /// <summary>Evaluations of a trial that runs to its end, where the file says so.</summary>
    public long? Steps { get; set; }

    /// <summary>The metric that counts them; null: the values of the objective that were reported.</summary>
    public string? StepsMetric { get; set; }

    public long Seed { get; set; }

    /// <summary>The sweep fails when more trials have failed; null: never.</summary>
    public long? MaxFailedTrials { get; set; }

    public long MaxRestarts { get; set; }

    public long WallClockSeconds { get; set; }

    /// <summary>The sweep ends when so many trials in a row were no better; 0: never.</summary>
    public long PlateauTrials { get; set; }

    public CommandSpec? Command { get; set; }

    public long Workers { get; set; } = 1;

    public string Device { get; set; } = "auto";

    /// <summary>Whether the file is JSON, whose numbers are numbers to everybody.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether the sweep is to be run, not only to be rewritten.</summary>
    public bool NeedsProgram { get; init; }

    public IReadOnlyCollection<Parameter> Parameters => parameters.Values;

    public bool HasErrors => diagnostics.HasErrors;

    public void Add(Place place, string path, Distribution? distribution, Predicate? when = null)
    {
        if (distribution is null)
            return; // that it is wrong was said
        if (path.Length == 0 || path.Any(char.IsControl))
            Error(place, DiagnosticCodes.ForeignSpace, $"{Shown.Quoted(path)} is no name of a parameter; write a name of printable characters");
        else if (!parameters.TryAdd(path, new Parameter(path, distribution, when)))
            Error(place, DiagnosticCodes.DuplicateKey, $"parameter {Shown.Quoted(path)} is there twice, nested and by its dotted name perhaps; remove one of the two");
    }

    /// <summary>Puts a parameter in the place of the one of its name.</summary>
    public void Replace(Parameter parameter) => parameters[parameter.Path] = parameter;

    public void Remove(string path) => parameters.Remove(path);

    /// <summary>An option of the algorithm, if ours has it.</summary>
    public void Option(Place place, string what, string name, ParameterValue value)
    {
        var option = SearchCatalogue.FindSampler(Algorithm)?.Options.FirstOrDefault(o => o.Path == name);
        if (option?.Coerce(value) is not { } coerced || !option.Allows(coerced))
            NotCarried(place, what, $"{Algorithm} has no such option here");
        else if (coerced != option.Default)
            AlgorithmOptions.Add(new Setting(name, coerced));
    }

    /// <summary>Leaves out a rule of early stopping that needs to know how long a trial is, when the file does not say it.</summary>
    public void DropEndlessRule(Place place)
    {
        if (HasErrors || EarlyStopping is not { } stop || Steps is not null || !EarlyStoppingSection.NeedsSteps(stop))
            return;
        NotCarried(place, $"early stopping by {stop.Type}", "it has to know how many steps a trial has, which the file does not say; write training.steps and earlyStopping");
        EarlyStopping = null;
    }

    public void Error(Place place, string code, string message) => diagnostics.Error(code, place, message);

    public void Wrong(Place place, string message) => diagnostics.Error(DiagnosticCodes.ForeignValue, place, message);

    public void Refuse(Place place, string message) => diagnostics.Error(DiagnosticCodes.NotImportable, place, message);

    /// <summary>Something is read otherwise than the tool does, or than was perhaps meant.</summary>
    public void Warn(Place place, string message) => diagnostics.Warning(DiagnosticCodes.ReadOtherwise, place, message);

    /// <summary>Something has no counterpart here.</summary>
    public void NotCarried(Place place, string what, string why) => diagnostics.Note(DiagnosticCodes.NotCarried, place, $"{what} is not carried over: {why}");

    /// <summary>The file does not say which program a trial is: it can be imported, not run.</summary>
    public void NothingToRun(Place place, string message)
    {
        if (NeedsProgram)
            diagnostics.Error(DiagnosticCodes.NothingToRun, place, message);
        else
            diagnostics.Warning(DiagnosticCodes.NothingToRun, place, message);
    }
}
