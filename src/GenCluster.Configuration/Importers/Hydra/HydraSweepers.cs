using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Hydra;

/// <summary>Hydra's sweepers besides Optuna's.</summary>
internal static class HydraSweepers
{
    private static readonly Dictionary<string, string> Optimizers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["RandomSearch"] = "random",
        ["CMA"] = "cmaes",
        ["DiagonalCMA"] = "cmaes",
        ["TBPSA"] = "cmaes",
        ["ScrHammersleySearch"] = "sobol",
        ["DE"] = "genetic",
        ["TwoPointsDE"] = "genetic",
        ["NSGA2"] = "nsga2",
        ["BO"] = "gp",
    };

    public static void ReadNevergrad(ForeignMap sweeper, SweepDraft draft)
    {
        var optim = sweeper.Map("optim") ?? new ForeignMap(new MapNode(sweeper.Place), "hydra.sweeper.optim", draft);
        string optimizer = optim.Text("optimizer") ?? "NGOpt";
        if (!Optimizers.TryGetValue(optimizer, out string? ours))
        {
            ours = "tpe";
            draft.Warn(optim.PlaceOf("optimizer"), $"optimizer {Shown.Quoted(optimizer)} is not here; tpe is taken in its place, see search.algorithm");
        }

        draft.Algorithm = ours;
        draft.MaxTrials = optim.Integer("budget", 1, int.MaxValue) ?? 80;
        draft.ParallelTrials = optim.Integer("num_workers", 1, int.MaxValue) ?? 10;
        draft.Seed = optim.Integer("seed", 0, 1L << 53) ?? 0;
        draft.Objective = new ObjectiveSpec("objective", optim.Flag("maximize") is true ? Goal.Maximize : Goal.Minimize);
        if (optim.Has("max_failure_rate"))
            draft.NotCarried(optim.PlaceOf("max_failure_rate"), "max_failure_rate", "budget.maxFailedTrials says how many trials may fail");
        optim.Ignore("noisy");
        optim.RestIsNotCarried("it is an option of Nevergrad");
        sweeper.Ignore("_target_", "version");
        sweeper.RestIsNotCarried("it is an option of Nevergrad's sweeper");
    }

    public static void ReadAx(ForeignMap sweeper, HydraSpace space, SweepDraft draft)
    {
        draft.Algorithm = "gp";
        var ax = sweeper.Map("ax_config");
        if (ax?.Map("params") is { } parameters)
            ReadAxSpace(parameters, space, draft);
        var experiment = ax?.Map("experiment");
        draft.MaxTrials = ax?.Integer("max_trials", 1, int.MaxValue) ?? 10;
        draft.Seed = ax?.Map("client")?.Integer("random_seed", 0, 1L << 53) ?? 0;
        draft.Objective = new ObjectiveSpec(experiment?.Text("objective_name") ?? "objective", experiment?.Flag("minimize") is false ? Goal.Maximize : Goal.Minimize);
        if (ax?.Map("early_stop") is { } stop && stop.Integer("max_epochs_without_improvement", 1, int.MaxValue) is { } patience)
            draft.PlateauTrials = patience;
        ax?.Ignore("is_noisy");
        ax?.RestIsNotCarried("it is an option of Ax");
        sweeper.Ignore("_target_");
        sweeper.RestIsNotCarried("it is an option of Ax's sweeper");
    }

    /// <summary>The basic sweeper tries all values of all parameters.</summary>
    public static void ReadBasic(ForeignMap sweeper, SweepDraft draft)
    {
        draft.Algorithm = "grid";
        draft.Objective = new ObjectiveSpec("objective", Goal.Minimize);
        draft.Warn(sweeper.Place, "the basic sweeper has no objective; trials are ranked by a metric 'objective', less is better: change it in objective");
        if (GridSize.Of(draft.Parameters) is { } size)
            draft.MaxTrials = size;
        else
            draft.Wrong(sweeper.Place, "hydra.sweeper.params: an interval has no end of values, which the basic sweeper cannot try; write choice(…) or range(…)");
        sweeper.Ignore("_target_", "max_batch_size");
        sweeper.RestIsNotCarried("it is an option of the sweeper");
    }

    private static void ReadAxSpace(ForeignMap parameters, HydraSpace space, SweepDraft draft)
    {
        var overrides = new MapNode(parameters.Place);
        foreach (var entry in parameters.Entries)
        {
            if (entry.Value is not MapNode map || map.Find("type") is not ScalarNode { Text: var type })
                overrides.Add(entry);
            else
                draft.Add(entry.Key.Place, entry.Key.Text, OfAx(new ForeignMap(map, entry.Key.Text, draft), type, entry.Key.Place, draft));
        }

        space.ReadOverrides(overrides);
    }

    private static Distribution? OfAx(ForeignMap one, string type, Place place, SweepDraft draft)
    {
        var draws = new Draws(draft, one.Path, place);
        switch (type)
        {
            case "fixed":
                return one.Find("value") is { } value && ForeignValues.Read(value, one.Path, draft, python: false) is { } constant ? new Constant(constant) : draws.Wrong("there is no value; write it");
            case "choice":
                return ForeignValues.ReadAll(one.Find("values"), one.PathOf("values"), draft, python: false) is { } values ? draws.OneOf(values) : draws.Wrong("there are no values; write a list");
            case "range" when one.List("bounds") is [ScalarNode low, ScalarNode high] && Yaml11.NumberOf(low.Text) is { } min && Yaml11.NumberOf(high.Text) is { } max:
                bool isInteger = one.Text("value_type") is "int" || (!one.Has("value_type") && Yaml11.IntegerOf(low.Text) is not null && Yaml11.IntegerOf(high.Text) is not null);
                bool isLog = one.Flag("log_scale") ?? false;
                return (isInteger, isLog) switch
                {
                    (true, true) => draws.LogIntegers((long)min, (long)max),
                    (true, false) => draws.Integers((long)min, (long)max),
                    (false, true) => draws.LogUniform(min, max),
                    _ => draws.Uniform(min, max),
                };
            default:
                return draws.Wrong("this is no parameter of Ax; write {type: range, bounds: [low, high]}, {type: choice, values: […]} or {type: fixed, value: …}");
        }
    }
}
