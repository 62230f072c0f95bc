using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>Katib's Experiments, v1beta1 (kubeflow/katib, pkg/apis/controller/experiments/v1beta1).</summary>
internal sealed class KatibImporter : ISweepImporter
{
    private const string Group = "kubeflow.org/", Version = "kubeflow.org/v1beta1";
    private const long DefaultParallel = 3;

    public string Kind => "a Katib Experiment";

    public bool Recognises(MapNode root) =>
        root.Find("apiVersion") is ScalarNode version && version.Text.StartsWith(Group, StringComparison.Ordinal) && root.Find("kind") is ScalarNode { Text: "Experiment" };

    public void Read(ForeignMap root, SweepDraft draft)
    {
        string version = root.Text("apiVersion")!;
        if (version != Version)
        {
            draft.Refuse(root.PlaceOf("apiVersion"), $"apiVersion: got {version}; only {Version} is read. Before it a trial was a text template of Go, "
                + "which makes a Kubernetes object out of {{.HyperParameters}}; write it as trialTemplate.trialSpec with ${trialParameters.…}, as v1beta1 has it");
            return;
        }

        draft.Name = root.Map("metadata")?.Text("name") ?? root.Map("metadata")?.Text("generateName");
        if (root.Map("spec") is not { } spec)
        {
            draft.Wrong(root.Place, "spec: missing, but required; it holds objective, algorithm, parameters and trialTemplate");
            return;
        }

        ReadSpec(spec, draft);
    }

    private static void ReadSpec(ForeignMap spec, SweepDraft draft)
    {
        if (spec.Has("nasConfig"))
        {
            draft.Refuse(spec.PlaceOf("nasConfig"), "spec.nasConfig: this is a search for a network's architecture, which builds networks out of operations and is no search "
                + "of parameters; only experiments with spec.parameters are read");
            return;
        }

        KatibParameters.Read(spec, draft);
        ReadObjective(spec, draft);
        KatibAlgorithm.Read(spec, draft);
        KatibEarlyStopping.Read(spec, draft);
        ReadCounts(spec, draft);
        draft.Command = KatibTrial.Read(spec, draft);
        spec.NotCarried("a sweep here can always be resumed", "resumePolicy");
        spec.RestIsNotCarried("v1beta1 knows no such key");
    }

    private static void ReadObjective(ForeignMap spec, SweepDraft draft)
    {
        if (spec.Map("objective") is not { } objective)
        {
            draft.Wrong(spec.Place, "spec.objective: missing, but required; write {type: minimize or maximize, objectiveMetricName: …}");
            return;
        }

        string? metric = objective.Text("objectiveMetricName");
        if (string.IsNullOrEmpty(metric))
            draft.Wrong(objective.Place, "spec.objective.objectiveMetricName: missing, but required; write the name that the program prints");
        if (!objective.Has("type"))
            draft.Wrong(objective.Place, "spec.objective.type: missing, but required; write minimize or maximize");
        string? type = objective.Choice("type", "minimize", "maximize");
        draft.Objective = new ObjectiveSpec(metric ?? "", type is "maximize" ? Goal.Maximize : Goal.Minimize, objective.Number("goal"));
        if (metric is not null)
            ReadStrategies(objective, metric, type is "maximize" ? "max" : "min", draft);
        objective.Ignore("additionalMetricNames"); // all that a program reports is recorded
        objective.RestIsNotCarried("v1beta1 knows no such key");
    }

    private static void ReadStrategies(ForeignMap objective, string metric, string usual, SweepDraft draft)
    {
        var strategies = objective.List("metricStrategies")?.OfType<MapNode>() ?? [];
        string? strategy = (strategies.FirstOrDefault(s => s.Find("name") is ScalarNode n && n.Text == metric)?.Find("value") as ScalarNode)?.Text;
        if (strategy is not "latest")
        {
            draft.NotCarried(objective.PlaceOf(strategy is null ? "type" : "metricStrategies"), $"the strategy {strategy ?? usual}",
                $"Katib ranks a trial by its {(strategy ?? usual) switch { "max" => "greatest", _ => "least" }} value of {metric}, here it is the last one; print the best one last if they differ");
        }
    }

    private static void ReadCounts(ForeignMap spec, SweepDraft draft)
    {
        long? most = spec.Integer("maxTrialCount", 1, int.MaxValue);
        long parallel = spec.Integer("parallelTrialCount", 1, int.MaxValue) ?? DefaultParallel;
        if (draft.Algorithm is "grid" && GridSize.Of(draft.Parameters) is { } size)
            most = Math.Min(most ?? long.MaxValue, size);
        if (most is null)
            draft.Warn(spec.Place, $"spec.maxTrialCount: missing, so Katib would go on until the goal is reached; here after {SweepDraft.Endless} trials at the latest");
        if (most < parallel && spec.Has("parallelTrialCount"))
            draft.Warn(spec.PlaceOf("parallelTrialCount"), $"spec.parallelTrialCount: got {parallel}, but there are only {most} trials; as many run at a time");
        draft.MaxTrials = most;
        draft.ParallelTrials = Math.Min(parallel, most ?? long.MaxValue);

        // Katib gives up when as many have failed, ours when more have (util/status_util.go); zero is one failure to both.
        if (spec.Integer("maxFailedTrialCount", 0, int.MaxValue) is { } failed)
            draft.MaxFailedTrials = Math.Max(0, Math.Min(failed, most ?? long.MaxValue) - 1);
    }
}
