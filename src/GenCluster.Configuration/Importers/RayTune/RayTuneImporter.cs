using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.RayTune;

/// <summary>
/// Experiments of Ray Tune in YAML: those of RLlib, a map from names to <c>{run, stop, config, num_samples}</c>, and what people
/// write to call <c>tune.Tuner</c> with: <c>param_space</c>, <c>tune_config</c>, <c>run_config</c>.
/// </summary>
internal sealed class RayTuneImporter : ISweepImporter
{
    private static readonly string[] SpaceKeys = ["param_space", "config", "search_space", "space", "hyperparameters", "parameters"];
    private static readonly string[] Marks = ["num_samples", "tune_config", "run_config", "search_alg", "mode", "max_concurrent_trials", "time_budget_s"];

    public string Kind => "an experiment of Ray Tune";

    public bool Recognises(MapNode root) => IsFlat(root) || Experiments(root).Count > 0;

    public void Read(ForeignMap root, SweepDraft draft)
    {
        if (IsFlat(root.Node))
        {
            ReadOne(root, draft);
            return;
        }

        var experiments = Experiments(root.Node);
        if (experiments.Count > 1)
        {
            draft.Refuse(experiments[1].Key.Place, $"the file has {experiments.Count} experiments, {string.Join(", ", experiments.Select(e => e.Key.Text).Take(5))}; put each into a file of its own");
            return;
        }

        draft.Name = experiments[0].Key.Text;
        ReadOne(root.Map(draft.Name)!, draft);
    }

    private static bool IsFlat(MapNode root) =>
        root.Find("param_space") is MapNode
        || (SpaceKeys.Any(k => root.Find(k) is MapNode map && TuneSpace.HasDraws(map)) && Array.Exists(Marks, m => root.Find(m) is not null));

    private static List<MapNode.Entry> Experiments(MapNode root)
    {
        var all = root.Entries.Where(e => e.Value is MapNode map && (map.Find("run") ?? map.Find("trainable")) is ScalarNode && map.Find("config") is MapNode).ToList();
        return all.Count == root.Entries.Count ? all : [];
    }

    private static void ReadOne(ForeignMap experiment, SweepDraft draft)
    {
        var tune = experiment.Map("tune_config") ?? experiment;
        var run = experiment.Map("run_config") ?? experiment;
        draft.Name = run.Text("name") ?? draft.Name;
        var space = ReadSpace(experiment, draft);
        ReadObjective(tune, draft);
        TuneSearch.Read(tune, draft);
        TuneScheduler.Read(tune, draft);
        ReadStop(run, draft);
        ReadCounts(tune, space, draft);
        TuneCommand.Read(experiment, draft);
        experiment.Ignore("env", "local_dir", "storage_path", "verbose", "checkpoint_freq", "checkpoint_at_end", "checkpoint_config", "keep_checkpoints_num");
        experiment.NotCarried("a worker has one device; how many there are says who starts the workers", "resources_per_trial", "resources", "scaling_config");
        foreach (var part in new[] { experiment, tune, run }.Distinct())
            part.RestIsNotCarried("a sweep has no such thing here");
    }

    private static TuneSpace ReadSpace(ForeignMap experiment, SweepDraft draft)
    {
        var space = new TuneSpace(draft);
        if (SpaceKeys.Select(k => experiment.Node.Find(k) is MapNode ? experiment.Map(k) : null).FirstOrDefault(m => m is not null) is { } map)
            space.Read(map.Node, "");
        return space;
    }

    private static void ReadObjective(ForeignMap tune, SweepDraft draft)
    {
        string? metric = tune.Text("metric");
        string? mode = tune.Choice("mode", "min", "max");
        bool isReward = metric is null && tune.Has("run") && tune.Has("env");
        if (metric is null)
            draft.Warn(tune.Place, isReward
                ? "there is no metric; RLlib's episode_reward_mean is taken, more is better"
                : "there is no metric; trials are ranked by a metric 'loss', less is better: write metric and mode to have another");
        else if (mode is null)
            draft.Warn(tune.PlaceOf("metric"), "mode: missing; min is taken");
        draft.Objective = new ObjectiveSpec(metric ?? (isReward ? "episode_reward_mean" : "loss"), mode is "max" || (mode is null && isReward) ? Goal.Maximize : Goal.Minimize);
    }

    /// <summary>What ends a trial in Ray: the metric's value is our target, which ends the sweep; iterations are a trial's length.</summary>
    private static void ReadStop(ForeignMap run, SweepDraft draft)
    {
        if (run.Find("stop") is not MapNode || run.Map("stop") is not { } stop)
            return;
        if (stop.Integer("training_iteration", 1, int.MaxValue) is { } iterations)
            draft.Steps ??= iterations;
        if (draft.Objective is { } objective && stop.Number(objective.Metric) is { } target)
        {
            draft.Objective = objective with { Target = target };
            draft.Warn(stop.PlaceOf(objective.Metric), $"stop.{objective.Metric}: in Ray it ends the trial that reaches it, here the sweep, as its target");
        }

        stop.RestIsNotCarried("the program itself has to end there");
    }

    private static void ReadCounts(ForeignMap tune, TuneSpace space, SweepDraft draft)
    {
        long samples = tune.Integer("num_samples", -1, int.MaxValue) ?? 1;
        draft.ParallelTrials = tune.Integer("max_concurrent_trials", 0, int.MaxValue) is > 0 and var most ? most : 1;
        draft.WallClockSeconds = (long)Math.Ceiling(Math.Clamp(tune.Number("time_budget_s") ?? 0, 0, 1e9));
        draft.MaxTrials = samples < 0 ? null : samples;
        if (samples < 0)
            draft.Warn(tune.PlaceOf("num_samples"), $"num_samples: -1 goes on until it is stopped; here after {SweepDraft.Endless} trials at the latest");
        if (space.Grids == 0)
            return;

        long grid = GridSize.Of(draft.Parameters.Where(p => space.IsGrid(p.Path))) ?? 1;
        if (space.Draws == 0)
        {
            draft.Algorithm = "grid";
            draft.MaxTrials = grid;
            if (samples is not 1)
                draft.Warn(tune.PlaceOf("num_samples"), $"num_samples: got {samples}, so Ray tries each point of the grid as often; here each is tried once");
        }
        else
        {
            draft.MaxTrials = samples < 0 ? null : Math.Min(samples * grid, SweepDraft.Endless);
            draft.Warn(tune.Place, $"the grid of {grid} points is drawn from like the rest, in as many trials as Ray would have ({draft.MaxTrials ?? SweepDraft.Endless}), not tried point by point");
        }
    }
}
