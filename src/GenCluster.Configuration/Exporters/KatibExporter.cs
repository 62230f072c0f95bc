using GenCluster.Configuration.Importers;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Exporters;

/// <summary>Writes a sweep as a Katib Experiment, v1beta1. What comes from one reads back as the same sweep.</summary>
internal sealed class KatibExporter(SweepSpec spec)
{
    private readonly ExportNotes notes = new("Katib");

    public ExportResult Export()
    {
        notes.SayCommon(spec);
        foreach (var other in spec.Comparison.Others)
            notes.Note($"objective.also: Katib has one objective; {other.Metric} is recorded only");
        var trial = new KatibTrialWriter(spec, notes);
        var file = new YamlMap
        {
            { "apiVersion", "kubeflow.org/v1beta1" },
            { "kind", "Experiment" },
            { "metadata", new YamlMap { { "name", spec.Name } } },
            {
                "spec", new YamlMap
                {
                    { "objective", Objective() },
                    { "algorithm", Algorithm() },
                    { "earlyStopping", EarlyStopping() },
                    { "parallelTrialCount", spec.Search.ParallelTrials },
                    { "maxTrialCount", spec.Search.MaxTrials == SweepDraft.Endless ? null as long? : spec.Search.MaxTrials },
                    { "maxFailedTrialCount", spec.Budget.MaxFailedTrials >= spec.Search.MaxTrials ? null as long? : spec.Budget.MaxFailedTrials + 1 },
                    { "metricsCollectorSpec", trial.Collector() },
                    { "parameters", spec.Parameters.Parameters.Select(p => KatibDistribution.Write(p, notes)).OfType<object>().ToList() },
                    { "trialTemplate", trial.Template() },
                }
            },
        };
        return notes.Result(file);
    }

    private YamlMap Objective() => new()
    {
        { "type", spec.Objective.Goal is Goal.Maximize ? "maximize" : "minimize" },
        { "goal", spec.Objective.Target },
        { "objectiveMetricName", spec.Objective.Metric },
        { "additionalMetricNames", spec.Comparison.Others.Length == 0 ? null : spec.Comparison.Others.Select(o => (object)o.Metric).ToList() },
        { "metricStrategies", new List<object> { new YamlMap { { "name", spec.Objective.Metric }, { "value", "latest" } } } },
    };

    private YamlMap Algorithm()
    {
        string? name = spec.EarlyStopping?.Type switch
        {
            "hyperband" when ResourceName() is not null => "hyperband",
            "pbt" => "pbt",
            _ => spec.Search.Algorithm switch { "random" or "grid" or "cmaes" or "sobol" => spec.Search.Algorithm, "tpe" => IsMultivariate ? "multivariate-tpe" : "tpe", "gp" => "bayesianoptimization", _ => null },
        };
        if (name is null)
            notes.Note($"search.algorithm: Katib has no {spec.Search.Algorithm}; tpe is written");
        var settings = new List<object>();
        if (spec.Training.Seed != 0)
            settings.Add(Setting("random_state", ParameterValue.Of(spec.Training.Seed)));
        settings.AddRange(OfSampler(name));
        settings.AddRange(name is "hyperband" ? Hyperband() : name is "pbt" ? Population() : []);
        return new YamlMap { { "algorithmName", name ?? "tpe" }, { "algorithmSettings", settings.Count > 0 ? settings : null } };
    }

    private bool IsMultivariate => SearchCatalogue.FindSampler("tpe")!.Option(spec.Search.Options, "multivariate").AsFlag();

    /// <summary>The options that Katib has too; of the others it is said that they are left out.</summary>
    private List<object> OfSampler(string? name)
    {
        List<object> settings = [];
        List<Setting> others = [];
        foreach (var option in spec.Search.Options.Settings)
        {
            string? theirs = (name, option.Path) switch
            {
                ("tpe" or "multivariate-tpe", "startupTrials") => "n_startup_trials",
                ("tpe" or "multivariate-tpe", "candidates") => "n_ei_candidates",
                ("cmaes", "sigma") => "sigma",
                ("tpe", "multivariate") or ("cmaes", "restarts") => "",
                _ => null,
            };
            if (theirs is null)
                others.Add(option);
            else if (theirs.Length > 0)
                settings.Add(Setting(theirs, option.Value));
        }

        if (name is "cmaes" && SearchCatalogue.FindSampler(name)!.Option(spec.Search.Options, "restarts").AsFlag())
            settings.Add(Setting("restart_strategy", ParameterValue.Of("ipop")));
        notes.SayOptions("search", new Assignment([.. others]));
        return settings;
    }

    /// <summary>The parameter that says how long a trial trains: a number that is fixed here, since trials are stopped instead.</summary>
    private string? ResourceName() => spec.Parameters.Parameters
        .FirstOrDefault(p => p.Distribution is Constant { Value.Kind: ParameterKind.Integer or ParameterKind.Number })?.Path;

    private IEnumerable<object> Hyperband()
    {
        var options = spec.EarlyStopping!.Options;
        yield return Setting("resource_name", ParameterValue.Of(ResourceName()!));
        yield return Setting("eta", SearchCatalogue.FindScheduler("hyperband")!.Option(options, "reductionFactor"));
        yield return Setting("r_l", ParameterValue.Of((long)spec.Training.Steps));
    }

    private IEnumerable<object> Population()
    {
        var options = spec.EarlyStopping!.Options;
        var pbt = SearchCatalogue.FindScheduler("pbt")!;
        yield return Setting("suggestion_trial_dir", ParameterValue.Of("/opt/katib/data"));
        if (options.Find("population") is { } population)
            yield return Setting("n_population", population);
        yield return Setting("truncation_threshold", pbt.Option(options, "quantile"));
        if (!pbt.Option(options, "perturb").AsFlag())
            yield return Setting("resample_probability", pbt.Option(options, "resampleProbability"));
    }

    private YamlMap? EarlyStopping()
    {
        if (spec.EarlyStopping is not { } stop || stop.Type is "pbt" || (stop.Type is "hyperband" && ResourceName() is not null))
            return null;
        var median = SearchCatalogue.FindScheduler("median");
        if (stop.Type is not "median" || median is null)
        {
            notes.Note(stop.Type is "hyperband"
                ? "earlyStopping: Katib's hyperband sets a parameter that says how long a trial trains, and none has one fixed number here; it is left out"
                : $"earlyStopping: Katib has medianstop, hyperband and pbt; {stop.Type} is left out");
            return null;
        }

        if (median.Option(stop.Options, "rule").Text is not "katib")
            notes.Note("earlyStopping.rule: Katib's medianstop compares with a mean of means, whatever the rule is here");
        return new YamlMap
        {
            { "algorithmName", "medianstop" },
            {
                "algorithmSettings", new List<object>
                {
                    Setting("min_trials_required", median.Option(stop.Options, "minTrials")),
                    Setting("start_step", ParameterValue.Of((long)Math.Max(1, median.Option(stop.Options, "gracePeriod").AsNumber()))),
                }
            },
        };
    }

    // Settings are texts to Katib.
    private static YamlMap Setting(string name, ParameterValue value) => new() { { "name", name }, { "value", value.ToString() } };
}
