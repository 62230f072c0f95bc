using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Nni;

/// <summary>Tuners, advisors and assessors of NNI, and ours in their place.</summary>
internal static class NniTuner
{
    // What it is here, and whether it is the same method.
    private static readonly Dictionary<string, (string Ours, bool Same)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TPE"] = ("tpe", true),
        ["Random"] = ("random", true),
        ["GridSearch"] = ("grid", true),
        ["BatchTuner"] = ("grid", true),
        ["Batch"] = ("grid", true),
        ["GPTuner"] = ("gp", true),
        ["GP"] = ("gp", true),
        ["MetisTuner"] = ("gp", false),
        ["Metis"] = ("gp", false),
        ["SMAC"] = ("gp", false),
        ["DNGOTuner"] = ("gp", false),
        ["DNGO"] = ("gp", false),
        ["Evolution"] = ("genetic", true),
        ["Anneal"] = ("tpe", false),
        ["PBTTuner"] = ("random", true),
        ["BOHB"] = ("tpe", true),
        ["Hyperband"] = ("random", true),
    };

    public static void Read(ForeignMap root, SweepDraft draft)
    {
        string? section = Array.Find(["tuner", "advisor"], root.Has);
        var tuner = section is null ? null : root.Map(section);
        string? name = tuner?.Text("name") ?? tuner?.Text("builtinTunerName") ?? tuner?.Text("builtinAdvisorName");
        if (name is null || !Known.TryGetValue(name, out var known))
        {
            known = ("tpe", false);
            if (name is null)
                draft.Warn(tuner?.Place ?? root.Place, "nothing says which tuner; tpe is taken, see search.algorithm");
        }

        if (name is not null && !known.Same)
            draft.Warn(tuner!.Place, $"{section} {Shown.Quoted(name)} is not here; {known.Ours} is taken in its place, see search.algorithm");
        draft.Algorithm = known.Ours;
        var arguments = tuner?.Map("classArgs");
        ReadObjective(root, section, arguments, draft);
        ReadArguments(name, arguments, draft);
        arguments?.RestIsNotCarried($"{draft.Algorithm} has no such option here");
        tuner?.Ignore("gpuIndices");
        tuner?.RestIsNotCarried("a class of your own cannot be carried over");
        ReadAssessor(root, draft);
    }

    private static void ReadObjective(ForeignMap root, string? section, ForeignMap? arguments, SweepDraft draft)
    {
        string? mode = arguments?.Choice("optimize_mode", "minimize", "maximize");
        if (mode is null && arguments?.Has("optimize_mode") is not true)
            draft.Warn(section is null ? root.Place : root.PlaceOf(section), "classArgs.optimize_mode: missing; minimize is taken, the default of NNI 2 (before it was maximize)");
        draft.Objective = new ObjectiveSpec("default", mode is "maximize" ? Goal.Maximize : Goal.Minimize);
    }

    private static void ReadArguments(string? name, ForeignMap? arguments, SweepDraft draft)
    {
        if (arguments is null)
            return;
        if (arguments.Find("seed") is not null)
            draft.Seed = arguments.Integer("seed", 0, 1L << 53) ?? 0;
        if (name is "TPE" && arguments.Map("tpe_args") is { } tpe)
        {
            Carry(tpe, "n_startup_jobs", "startupTrials");
            Carry(tpe, "n_ei_candidates", "candidates");
            Carry(tpe, "prior_weight", "priorWeight");
            tpe.RestIsNotCarried("tpe has no such option here");
        }

        Carry(arguments, "population_size", "population");
        if (name is "BOHB" or "Hyperband")
        {
            long most = (name is "BOHB" ? arguments.Integer("max_budget", 1, int.MaxValue) : arguments.Integer("R", 1, int.MaxValue)) ?? 1;
            draft.Steps = most;
            var options = new OptionList().Add("reductionFactor", arguments.Number("eta") ?? 3).Add("minSteps", arguments.Integer("min_budget", 1, int.MaxValue) ?? 0);
            draft.EarlyStopping = new EarlyStoppingSpec("hyperband", options.Build(SearchCatalogue.FindScheduler("hyperband")));
            draft.Warn(arguments.Place, $"NNI gives a trial its budget as a parameter; here each trains on to {most} values that it reports, and those behind wait and end");
        }
        else if (name is "PBTTuner")
            draft.EarlyStopping = new EarlyStoppingSpec("pbt", Assignment.Empty);

        void Carry(ForeignMap map, string theirs, string ours)
        {
            if (map.Find(theirs) is ScalarNode scalar && Yaml11.Resolve(scalar) is { } value)
                draft.Option(scalar.Place, map.PathOf(theirs), ours, value);
        }
    }

    private static void ReadAssessor(ForeignMap root, SweepDraft draft)
    {
        if (root.Map("assessor") is not { } assessor)
            return;
        string? name = assessor.Text("name") ?? assessor.Text("builtinAssessorName");
        if (name?.Equals("Medianstop", StringComparison.OrdinalIgnoreCase) is not true)
        {
            draft.NotCarried(assessor.Place, $"assessor {Shown.Quoted(name ?? "")}", "there is none like it; Medianstop is read, see earlyStopping");
            return;
        }

        var arguments = assessor.Map("classArgs");
        long start = arguments?.Integer("start_step", 0, 1_000_000_000) ?? 0;
        draft.EarlyStopping = new EarlyStoppingSpec("median", new OptionList().Add("rule", "gencluster").Add("gracePeriod", (double)start).Build(SearchCatalogue.FindScheduler("median")));
        arguments?.Ignore("optimize_mode");
    }
}
