using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Wandb;

/// <summary>
/// Sweeps of Weights &amp; Biases, as their schema has them (wandb/sweeps, src/sweeps/config/schema.json) and as people write
/// them, with keys that the schema does not know.
/// </summary>
internal sealed class WandbImporter : ISweepImporter
{
    private static readonly string[] Methods = ["grid", "random", "bayes", "custom"];

    // What tells a sweep from another file that has parameters.
    private static readonly string[] Marks = ["method", "program", "metric", "metrics", "early_terminate", "run_cap", "command"];

    public string Kind => "a W&B sweep";

    public bool Recognises(MapNode root) =>
        root.Find("kind") is null or ScalarNode { Text: "sweep" }
        && (root.Find("parameters") is not null ? Array.Exists(Marks, m => root.Find(m) is not null) : root.Find("method") is ScalarNode method && Methods.Contains(method.Text) && root.Find("metric") is not null);

    public void Read(ForeignMap root, SweepDraft draft)
    {
        draft.Name = root.Text("name");
        string method = ReadMethod(root, draft);
        ReadObjectives(root, method, draft);
        WandbParameters.Read(root, method, draft);
        WandbEarlyTermination.Read(root, draft);
        ReadRunCap(root, method, draft);
        draft.Command = WandbCommand.Read(root, draft);

        root.Ignore("apiVersion", "kind", "project", "entity", "controller", "description");
        root.NotCarried("jobs and images of W&B Launch are W&B's; write the program into command", "job", "image_uri");
        root.RestIsNotCarried("W&B knows no such key");
    }

    private static string ReadMethod(ForeignMap root, SweepDraft draft)
    {
        string? method = root.Choice("method", Methods);
        if (!root.Has("method"))
            draft.Wrong(root.Place, $"method: missing, but required; write one of {string.Join(", ", Methods)}");
        draft.Algorithm = method switch { "bayes" => "gp", "grid" => "grid", "custom" => "tpe", _ => "random" };
        if (method is "custom")
            draft.Warn(root.PlaceOf("method"), "method custom is somebody's own program; tpe is taken in its place, see search.algorithm");
        root.NotCarried("the algorithm is chosen by search.algorithm", "scheduler");
        return method ?? "random";
    }

    private static void ReadObjectives(ForeignMap root, string method, SweepDraft draft)
    {
        if (root.List("metrics") is { } metrics)
        {
            var all = metrics.OfType<MapNode>().Select((m, i) => ReadObjective(new ForeignMap(m, $"metrics[{i}]", draft), draft)).ToList();
            draft.Objective = all.FirstOrDefault();
            draft.FurtherObjectives.AddRange(all.Skip(1).OfType<ObjectiveSpec>());
        }
        else if (root.Map("metric") is { } metric)
            draft.Objective = ReadObjective(metric, draft);
        else if (method is "bayes")
            draft.Wrong(root.Place, "metric: missing, but method bayes needs one; write {name: …, goal: minimize or maximize}");
        else if (!root.Has("metric"))
            draft.Warn(root.Place, "there is no metric, so W&B would rank nothing; trials are ranked by a metric 'loss', less is better: write metric to have another");
        draft.Objective ??= new ObjectiveSpec("loss", Goal.Minimize);
    }

    private static ObjectiveSpec? ReadObjective(ForeignMap metric, SweepDraft draft)
    {
        string? name = metric.Text("name");
        if (string.IsNullOrEmpty(name))
            draft.Wrong(metric.Place, $"{metric.PathOf("name")}: missing, but required; write the name that the program logs");
        if (!metric.Has("goal"))
            draft.Warn(metric.Place, $"{metric.PathOf("goal")}: missing; minimize is W&B's default, and is taken");
        string? goal = metric.Choice("goal", "minimize", "maximize");
        metric.NotCarried("a trial that failed says nothing to the search here", "impute", "impute_while_running");
        double? target = metric.Number("target");
        metric.RestIsNotCarried("W&B knows no such key");
        return name is null ? null : new ObjectiveSpec(name, goal is "maximize" ? Goal.Maximize : Goal.Minimize, target);
    }

    private static void ReadRunCap(ForeignMap root, string method, SweepDraft draft)
    {
        draft.MaxTrials = root.Integer("run_cap", 1, int.MaxValue);
        long? grid = method is "grid" ? GridSize.Of(draft.Parameters) : null;
        if (grid is { } size)
            draft.MaxTrials = Math.Min(draft.MaxTrials ?? long.MaxValue, size);
        else if (!root.Has("run_cap") && method is not "grid")
            draft.Warn(root.PlaceOf("method"), $"there is no run_cap, so W&B would go on until it is stopped; here after {SweepDraft.Endless} trials at the latest");
    }
}
