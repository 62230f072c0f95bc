using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Hydra;

/// <summary>
/// A configuration of Hydra with a sweeper: Optuna's, Nevergrad's, Ax's or the basic one, with <c>params</c> of overrides or
/// the older, structured <c>search_space</c>. The rest of the file configures the program.
/// </summary>
internal sealed class HydraImporter : ISweepImporter
{
    private static readonly Dictionary<string, string> Samplers = new(StringComparer.Ordinal)
    {
        ["tpe"] = "tpe",
        ["random"] = "random",
        ["grid"] = "grid",
        ["cmaes"] = "cmaes",
        ["nsgaii"] = "nsga2",
        ["nsgaiii"] = "nsga2",
        ["motpe"] = "tpe",
        ["gp"] = "gp",
        ["qmc"] = "sobol",
        ["auto"] = "tpe",
    };

    public string Kind => "a Hydra configuration with a sweeper";

    public bool Recognises(MapNode root) => Sweeper(root) is not null;

    public void Read(ForeignMap root, SweepDraft draft)
    {
        var hydra = root.Map("hydra");
        var sweeper = hydra is null ? null : hydra.Map("sweeper");
        sweeper ??= new ForeignMap(Sweeper(root.Node)!, "hydra.sweeper", draft);
        string kind = KindOf(root.Node, sweeper);
        var space = new HydraSpace(draft, isNevergrad: kind is "nevergrad") { IncludesEnd = kind is "optuna" };
        ReadSpace(sweeper, space, draft);
        switch (kind)
        {
            case "nevergrad":
                HydraSweepers.ReadNevergrad(sweeper, draft);
                break;
            case "ax":
                HydraSweepers.ReadAx(sweeper, space, draft);
                break;
            case "optuna":
                ReadOptuna(root, sweeper, draft);
                break;
            default:
                HydraSweepers.ReadBasic(sweeper, draft);
                break;
        }

        if (draft.Parameters.Count == 0)
            draft.Wrong(sweeper.Place, "hydra.sweeper.params: there is nothing to search; write overrides, e.g. {lr: interval(0.001, 0.1), db: 'choice(mnist, cifar)'}");
        draft.Command = new CommandSpec(["${env}", "${interpreter}", "${program}", "${args_no_hyphens}"]);
        draft.NothingToRun(root.Place, "the file configures a program and does not say which; name it in trainable.program before you run the sweep, it gets name=value for each parameter. "
            + "What it returned to Hydra it has to print: " + $"{{\"{draft.Objective?.Metric}\": 0.5}}");
    }

    private static MapNode? Sweeper(MapNode root) =>
        (root.Find("hydra") as MapNode)?.Find("sweeper") as MapNode ?? root.Find("hydra.sweeper") as MapNode
        ?? (root.Find("sweeper") is MapNode bare && (bare.Find("params") ?? bare.Find("search_space")) is not null && bare.Find("_target_") is not null ? bare : null);

    private static void ReadSpace(ForeignMap sweeper, HydraSpace space, SweepDraft draft)
    {
        if (sweeper.Has("params") && sweeper.Map("params") is { } parameters)
        {
            space.ReadOverrides(parameters.Node);
            if (sweeper.Has("search_space"))
                draft.Warn(sweeper.PlaceOf("search_space"), "hydra.sweeper.search_space: does not count beside params, in Hydra neither");
        }
        else if (sweeper.Map("search_space") is { } structured)
            space.ReadStructured(structured);
        if (sweeper.Has("parametrization") && sweeper.Map("parametrization") is { } old)
            space.ReadOverrides(old.Node);
    }

    /// <summary>Which sweeper: from the list of defaults, the class, or the keys that only one has.</summary>
    private static string KindOf(MapNode root, ForeignMap sweeper)
    {
        string named = DefaultOf(root, "sweeper") ?? sweeper.Text("_target_") ?? "";
        string[] kinds = ["optuna", "nevergrad", "ax"];
        if (Array.Find(kinds, k => named.Contains(k, StringComparison.OrdinalIgnoreCase)) is { } kind)
            return kind;
        return sweeper.Has("optim") ? "nevergrad" : sweeper.Has("ax_config") ? "ax" : sweeper.Has("n_trials") || sweeper.Has("direction") || sweeper.Has("sampler") ? "optuna" : "basic";
    }

    private static string? DefaultOf(MapNode root, string group)
    {
        foreach (var item in (root.Find("defaults") as ListNode)?.Items.OfType<MapNode>() ?? [])
        {
            foreach (var (key, value) in item.Entries)
            {
                if (key.Text.EndsWith($"hydra/{group}", StringComparison.Ordinal) && value is ScalarNode scalar)
                    return scalar.Text;
            }
        }

        return null;
    }

    private static void ReadOptuna(ForeignMap root, ForeignMap sweeper, SweepDraft draft)
    {
        draft.Name = sweeper.Text("study_name");
        ReadDirections(sweeper, draft);
        draft.MaxTrials = sweeper.Integer("n_trials", 1, int.MaxValue) ?? 20;
        draft.ParallelTrials = sweeper.Integer("n_jobs", 1, int.MaxValue) ?? 2;
        var sampler = sweeper.Map("sampler");
        ReadSampler(DefaultOf(root.Node, "sweeper/sampler") ?? sampler?.Text("_target_"), sampler, sweeper, draft);
        if (draft.Algorithm is "grid" && GridSize.Of(draft.Parameters) is { } size)
            draft.MaxTrials = Math.Min(draft.MaxTrials.Value, size);
        if (sweeper.Has("custom_search_space"))
            draft.NotCarried(sweeper.PlaceOf("custom_search_space"), "custom_search_space", "it is a function of Python; write its parameters with when: for those that depend on others");
        sweeper.NotCarried("a sweep here is in the coordinator's journal", "storage");
        sweeper.NotCarried("budget.maxFailedTrials says how many trials may fail", "max_failure_rate");
        sweeper.Ignore("_target_");
        sweeper.RestIsNotCarried("it is an option of Optuna's sweeper");
    }

    private static void ReadDirections(ForeignMap sweeper, SweepDraft draft)
    {
        string[] directions = sweeper.Find("direction") switch
        {
            ListNode list => [.. list.Items.OfType<ScalarNode>().Select(s => s.Text)],
            ScalarNode scalar => [scalar.Text],
            _ => ["minimize"],
        };
        if (!sweeper.Has("direction"))
            draft.Warn(sweeper.Place, "hydra.sweeper.direction: missing; minimize is the sweeper's default, and is taken");
        foreach (string other in directions.Where(d => d is not ("minimize" or "maximize")))
            draft.Wrong(sweeper.PlaceOf("direction"), $"hydra.sweeper.direction: got {Shown.Quoted(other)}; write minimize or maximize");
        var objectives = directions.Select((d, i) => new ObjectiveSpec(directions.Length == 1 ? "objective" : $"objective{i + 1}", d is "maximize" ? Goal.Maximize : Goal.Minimize)).ToList();
        draft.Objective = objectives.FirstOrDefault();
        draft.FurtherObjectives.AddRange(objectives.Skip(1));
    }

    private static void ReadSampler(string? name, ForeignMap? sampler, ForeignMap sweeper, SweepDraft draft)
    {
        string plain = (name ?? "tpe")[((name ?? "tpe").LastIndexOf('.') + 1)..].Replace("Sampler", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        draft.Algorithm = Samplers.GetValueOrDefault(plain, "tpe");
        if (!Samplers.ContainsKey(plain))
            draft.Warn(sweeper.PlaceOf("sampler"), $"sampler {Shown.Quoted(name!)} is not here; tpe is taken in its place, see search.algorithm");
        if (plain is "tpe" && sampler?.Has("multivariate") is not true)
            draft.Option(sweeper.Place, "multivariate", "multivariate", ParameterValue.Of(false)); // Optuna's default
        if (sampler is null)
            return;
        draft.Seed = sampler.Integer("seed", 0, long.MaxValue >> 10) ?? 0;
        Carry("n_startup_trials", "startupTrials");
        Carry("n_ei_candidates", "candidates");
        Carry("prior_weight", "priorWeight");
        Carry("consider_magic_clip", "magicClip");
        Carry("consider_endpoints", "considerEndpoints");
        Carry("multivariate", "multivariate");
        Carry("population_size", "population");
        sampler.Ignore("_target_", "consider_prior", "warn_independent_sampling");
        sampler.RestIsNotCarried($"{draft.Algorithm} has no such option here");

        void Carry(string theirs, string ours)
        {
            if (sampler.Find(theirs) is ScalarNode scalar && Yaml11.Resolve(scalar) is { } value)
                draft.Option(scalar.Place, $"hydra.sweeper.sampler.{theirs}", ours, value);
        }
    }
}
