using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>Katib's algorithms, and ours that do the same.</summary>
internal static class KatibAlgorithm
{
    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["random"] = "random",
        ["grid"] = "grid",
        ["bayesianoptimization"] = "gp",
        ["tpe"] = "tpe",
        ["multivariate-tpe"] = "tpe",
        ["cmaes"] = "cmaes",
        ["sobol"] = "sobol",
        ["hyperband"] = "random",
        ["pbt"] = "random",
    };

    public static void Read(ForeignMap spec, SweepDraft draft)
    {
        if (spec.Map("algorithm") is not { } algorithm || algorithm.Text("algorithmName") is not { Length: > 0 } name)
        {
            draft.Wrong(spec.PlaceOf("algorithm"), $"spec.algorithm.algorithmName: missing, but required; write one of {string.Join(", ", Ours.Keys)}");
            return;
        }

        if (name is "enas" or "darts")
        {
            draft.Refuse(algorithm.PlaceOf("algorithmName"), $"spec.algorithm.algorithmName: {name} searches for a network's architecture, which is no search of parameters");
            return;
        }

        if (!Ours.TryGetValue(name, out string? ours))
        {
            draft.Wrong(algorithm.Find("algorithmName")!.Place,
                $"spec.algorithm.algorithmName: got {Shown.Quoted(name)}, which Katib does not have; write one of {string.Join(", ", Ours.Keys)}, the nearest is {Nearest.To(name, [.. Ours.Keys])}");
            return;
        }

        draft.Algorithm = ours;
        var settings = new KatibSettings(algorithm, draft);
        ReadSettings(name, settings, draft);
        settings.RestIsNotCarried($"{ours} has no such option here");
        algorithm.RestIsNotCarried("v1beta1 knows no such key");
        if (name is "grid" && GridSize.Of(draft.Parameters) is null)
            draft.Error(algorithm.PlaceOf("algorithmName"), DiagnosticCodes.ForeignSpace, "spec.algorithm: a grid needs an end of values; give each double a step, or write random");
    }

    private static void ReadSettings(string name, KatibSettings settings, SweepDraft draft)
    {
        if (settings.Integer("random_state", 0, 1L << 53) is { } seed)
            draft.Seed = seed;
        if (draft.Algorithm is "tpe")
            ReadTpe(name, settings, draft);
        if (name is "cmaes")
            ReadCmaEs(settings, draft);
        if (name is "hyperband")
            ReadHyperband(settings, draft);
        if (name is "pbt")
            ReadPopulation(settings, draft);
    }

    private static void ReadTpe(string name, KatibSettings settings, SweepDraft draft)
    {
        if (settings.Integer("n_startup_trials", 1, 100_000) is { } startup)
            draft.Option(settings.PlaceOf("n_startup_trials"), "setting n_startup_trials", "startupTrials", ParameterValue.Of(startup));
        if (settings.Integer("n_ei_candidates", 1, 10_000) is { } candidates)
            draft.Option(settings.PlaceOf("n_ei_candidates"), "setting n_ei_candidates", "candidates", ParameterValue.Of(candidates));
        draft.Option(settings.Place, "multivariate", "multivariate", ParameterValue.Of(name is "multivariate-tpe"));
    }

    private static void ReadCmaEs(KatibSettings settings, SweepDraft draft)
    {
        if (settings.Number("sigma", 1e-6, 1) is { } sigma)
            draft.Option(settings.PlaceOf("sigma"), "setting sigma", "sigma", ParameterValue.Of(sigma));
        string strategy = settings.Text("restart_strategy") ?? "none";
        if (strategy is not ("none" or "ipop" or "bipop"))
            draft.Wrong(settings.PlaceOf("restart_strategy"), $"setting restart_strategy: got {Shown.Quoted(strategy)}; write none, ipop or bipop");
        if (strategy is "bipop")
            draft.Warn(settings.PlaceOf("restart_strategy"), "setting restart_strategy: bipop also begins anew with small generations; here they only grow, as in ipop");
        draft.Option(settings.Place, "restart_strategy", "restarts", ParameterValue.Of(strategy is not "none"));
    }

    /// <summary>Their Hyperband sets a parameter, so that a trial trains as long as its rung says; ours stops trials that train on.</summary>
    private static void ReadHyperband(KatibSettings settings, SweepDraft draft)
    {
        double eta = settings.Number("eta", 1.5, 1000) ?? 3;
        double? most = settings.Number("r_l", 1, 1e9);
        string? resource = settings.Text("resource_name");
        var parameter = draft.Parameters.FirstOrDefault(p => p.Path == resource);
        if (resource is null || parameter is null)
            draft.Wrong(settings.PlaceOf("resource_name"), resource is null
                ? "setting resource_name: missing, but hyperband needs it; write the name of the parameter that says how long a trial trains"
                : $"setting resource_name: there is no parameter {Shown.Quoted(resource)}; write one of spec.parameters");
        if (most is null)
            draft.Wrong(settings.PlaceOf("r_l"), "setting r_l: missing, but hyperband needs it; write how long the longest trial trains");
        if (parameter is null || most is not { } steps)
            return;

        draft.Steps = (long)steps;
        draft.Replace(parameter with { Distribution = new Constant(LongestOf(parameter.Distribution, steps)) });
        draft.Warn(settings.PlaceOf("resource_name"), $"Katib sets {resource} to what a rung has; here it is {LongestOf(parameter.Distribution, steps)} for all trials, "
            + "and hyperband stops those that are behind, counting the values that they report");
        draft.EarlyStopping = new EarlyStoppingSpec(
            "hyperband", new OptionList().Add("mode", "asynchronous").Add("reductionFactor", eta).Build(SearchCatalogue.FindScheduler("hyperband")));
    }

    private static ParameterValue LongestOf(Distribution distribution, double most) => distribution switch
    {
        Constant constant => constant.Value,
        IntUniform integers => ParameterValue.Of((long)Math.Clamp(most, integers.Min, integers.Max)),
        Uniform real => ParameterValue.Of(Math.Clamp(most, real.Min, real.Max)),
        _ => ParameterValue.Of((long)most),
    };

    private static void ReadPopulation(KatibSettings settings, SweepDraft draft)
    {
        var options = new OptionList();
        if (settings.Integer("n_population", 5, 100_000) is { } population)
            options.Add("population", population);
        if (settings.Number("truncation_threshold", 0, 0.5) is { } quantile)
            options.Add("quantile", quantile);

        // With a probability a value is drawn anew or kept, without one it is always changed (pbt/service.py).
        if (settings.Number("resample_probability", 0, 1) is { } probability)
            options.Add("resampleProbability", probability).Add("perturb", false);
        else
            options.Add("resampleProbability", 0.0);
        _ = settings.Text("suggestion_trial_dir");
        draft.EarlyStopping = new EarlyStoppingSpec("pbt", options.Build(SearchCatalogue.FindScheduler("pbt")));
        draft.Warn(settings.Place, "pbt: Katib begins a new trial from a folder of its parent; here a member goes on from its parent's committed checkpoint, which the program has to write");
    }
}
