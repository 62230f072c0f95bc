using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Determined;

/// <summary>Experiments of Determined (determined-ai/determined, docs/reference/experiment-config-reference.rst).</summary>
internal sealed class DeterminedImporter : ISweepImporter
{
    private const long DefaultConcurrent = 16, DefaultRestarts = 5, DefaultRungs = 5;
    private const double DefaultDivisor = 4;

    private static readonly string[] Searchers = ["single", "random", "grid", "adaptive_asha", "asha", "adaptive", "adaptive_simple", "async_halving"];

    public string Kind => "a Determined experiment";

    public bool Recognises(MapNode root) => root.Find("searcher") is MapNode searcher && searcher.Find("name") is ScalarNode && root.Find("apiVersion") is null;

    public void Read(ForeignMap root, SweepDraft draft)
    {
        draft.Name = root.Text("name");
        var searcher = root.Map("searcher")!;
        string? name = searcher.Text("name");
        if (name is "pbt" or "custom" || name is not null && !Searchers.Contains(name))
        {
            draft.Wrong(searcher.Find("name")!.Place, name is "custom"
                ? "searcher.name: custom is a program of your own that chooses trials, which a file does not hold; write one of random, grid, adaptive_asha"
                : $"searcher.name: got {Shown.Quoted(name)}; it is one of {string.Join(", ", Searchers)}");
            return;
        }

        DeterminedSpace.Read(root, isGrid: name is "grid", draft);
        ReadSearcher(searcher, name!, draft);
        draft.Command = DeterminedCommand.Read(root, draft);
        ReadResources(root, draft);
        draft.MaxRestarts = root.Integer("max_restarts", 0, 1000) ?? DefaultRestarts;
        draft.Seed = root.Map("reproducibility")?.Integer("experiment_seed", 0, 1L << 53) ?? 0;
        root.Ignore("description", "labels", "workspace", "project", "data", "debug", "records_per_epoch", "scheduling_unit");
        root.NotCarried("the program says itself when it evaluates and writes checkpoints", "min_validation_period", "min_checkpoint_period", "perform_initial_validation", "checkpoint_policy", "checkpoint_storage");
        root.NotCarried("the data has to be on the machine of the worker, at the same path", "bind_mounts", "data_layer");
        root.RestIsNotCarried("a sweep has no such thing here");
    }

    private static void ReadSearcher(ForeignMap searcher, string name, SweepDraft draft)
    {
        string? metric = searcher.Text("metric");
        if (metric is null)
            draft.Wrong(searcher.Place, "searcher.metric: missing, but required; write the name that the program reports");
        if (!searcher.Has("smaller_is_better"))
            draft.Warn(searcher.PlaceOf("metric"), "searcher.smaller_is_better: missing; true is Determined's default, and is taken");
        draft.Objective = new ObjectiveSpec(metric ?? "", searcher.Flag("smaller_is_better") is false ? Goal.Maximize : Goal.Minimize);
        draft.Algorithm = name is "grid" ? "grid" : "random";
        long? grid = name is "grid" ? GridSize.Of(draft.Parameters) : null;
        draft.MaxTrials = name is "single" ? 1 : grid ?? searcher.Integer("max_trials", 1, int.MaxValue);
        if (draft.MaxTrials is null && !searcher.Has("max_trials"))
            draft.Wrong(searcher.Place, $"searcher.max_trials: missing, but {name} needs it; write how many trials there are");
        long concurrent = searcher.Integer("max_concurrent_trials", 0, int.MaxValue) ?? DefaultConcurrent;
        draft.ParallelTrials = Math.Min(concurrent == 0 ? long.MaxValue : concurrent, draft.MaxTrials ?? 1);
        ReadLength(searcher, draft);
        if (name.Contains("asha", StringComparison.Ordinal) || name.StartsWith("adaptive", StringComparison.Ordinal) || name is "async_halving")
            ReadHalving(searcher, draft);
        if (searcher.Has("source_trial_id") || searcher.Has("source_checkpoint_uuid"))
            searcher.NotCarried("weights to begin with come from another sweep, see warmStart", "source_trial_id", "source_checkpoint_uuid");
        searcher.RestIsNotCarried("a search has no such thing here");
    }

    /// <summary>How long a trial trains: today a number with the metric that counts it, once a map like <c>{batches: 1000}</c>.</summary>
    private static void ReadLength(ForeignMap searcher, SweepDraft draft)
    {
        draft.Steps = searcher.Integer("max_time", 1, int.MaxValue);
        draft.StepsMetric = searcher.Text("time_metric");
        string? key = searcher.Has("max_length") ? "max_length" : null;
        if (draft.Steps is not null || key is null)
            return;
        draft.Steps = searcher.Find(key) is MapNode && searcher.Map(key) is { Entries: [{ Key.Text: var unit }, ..] } length
            ? length.Integer(unit, 1, int.MaxValue)
            : searcher.Integer(key, 1, int.MaxValue);
    }

    private static void ReadHalving(ForeignMap searcher, SweepDraft draft)
    {
        var options = new OptionList().Add("rule", "determined").Add("reductionFactor", searcher.Number("divisor") ?? DefaultDivisor)
            .Add("maxRungs", searcher.Integer("max_rungs", 1, 64) ?? searcher.Integer("num_rungs", 1, 64) ?? DefaultRungs)
            .Add("bracketMode", searcher.Choice("mode", "aggressive", "standard", "conservative") ?? "standard");
        if (draft.Steps is { } steps)
            options.Add("maxSteps", steps);
        else
            draft.Warn(searcher.Place, "nothing says how long a trial trains; rungs are counted down from training.steps: write searcher.max_time");
        searcher.Ignore("stop_once", "bracket_rungs");
        draft.EarlyStopping = new EarlyStoppingSpec("asha", options.Build(SearchCatalogue.FindScheduler("asha")));
    }

    private static void ReadResources(ForeignMap root, SweepDraft draft)
    {
        if (root.Map("resources") is not { } resources)
            return;
        if (resources.Integer("slots_per_trial", 0, 1024) is { } slots)
        {
            draft.Workers = Math.Max(1, slots);
            draft.Device = slots > 0 ? "cuda" : "cpu";
        }

        resources.NotCarried("weights and quotas belong to projects, which an operator sets", "weight", "max_slots");
        resources.NotCarried("priorities count otherwise here: a greater one is served first; see resources.priority", "priority");
        resources.RestIsNotCarried("it is a matter of the machines that workers run on");
    }
}
