using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>Finds the container whose command a trial is, in whatever Kubernetes object makes it.</summary>
internal static class KatibContainer
{
    private static readonly string[] Leaders = ["Master", "Chief", "Launcher"];

    /// <param name="Container">Null when there is none, or not one alone.</param>
    /// <param name="Why">Why there is none.</param>
    /// <param name="Members">Pods that run the same command together.</param>
    public sealed record Found(MapNode? Container, string Why, string Kind, long Members);

    public static Found Find(MapNode trial, string kind, string? primary)
    {
        if (kind is "PipelineRun" or "Workflow" or "RayJob" or "RayCluster")
            return new Found(null, $"a trial is a {kind}, several steps in pods of their own, and no one program", kind, 1);
        if (trial.Find("spec") is not MapNode spec)
            return new Found(null, "it has no spec", kind, 1);
        if (kind is "TrainJob")
            return spec.Find("trainer") is MapNode trainer
                ? new Found(trainer, "", kind, Whole(trainer.Find("numNodes")) ?? 1)
                : new Found(null, "its trainer, with the command, is in a runtime of the cluster", kind, 1);
        var replicas = spec.Entries.Where(e => e.Key.Text.EndsWith("ReplicaSpecs", StringComparison.Ordinal)).Select(e => e.Value).OfType<MapNode>().FirstOrDefault();
        var pods = replicas is null ? PodsOf(spec, 0) : PodsOf(Leader(replicas) ?? replicas, 0);
        var container = pods.FirstOrDefault(c => primary is not null && c.Find("name") is ScalarNode name && name.Text == primary) ?? (pods.Count == 1 ? pods[0] : null);
        string why = pods.Count == 0 ? "it has no container" : $"it has {pods.Count} containers, and none is named {Shown.Quoted(primary ?? "")}, the primaryContainerName";
        return new Found(container, why, kind, replicas is null ? 1 : Members(replicas));
    }

    public static void ReadRest(ForeignMap container, Found found, SweepDraft draft)
    {
        container.Ignore("name", "env", "ports", "imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy", "stdin", "tty", "numNodes");
        container.NotCarried("programs run on the machine of their worker; install there what the image holds", "image");
        container.NotCarried("the data has to be on the machine of the worker, at the same path", "volumeMounts");
        ReadResources(container, draft);
        if (found.Kind is "MPIJob")
            draft.NotCarried(container.Place, "the MPIJob around the launcher", "mpirun finds its own hosts; one worker runs the command");
        else if (found.Members > 1)
        {
            draft.Workers = found.Members;
            draft.Warn(container.Place, $"the {found.Kind} has {found.Members} members that run together; here it is {found.Members} workers, each of which runs the command with torchrun's environment");
        }

        container.RestIsNotCarried("it is a matter of Kubernetes");
    }

    public static EnvironmentVariable[]? Environment(ForeignMap container, Func<string, Place, string> substitute, SweepDraft draft)
    {
        var variables = new List<EnvironmentVariable>();
        foreach (var map in (container.List("env") ?? []).OfType<MapNode>())
        {
            if (map.Find("name") is ScalarNode name && map.Find("value") is ScalarNode value)
                variables.Add(new EnvironmentVariable(name.Text, substitute(value.Text, value.Place)));
            else
                draft.NotCarried(map.Place, "a variable of the environment", "its value is in the cluster; set it where workers are started");
        }

        return variables.Count > 0 ? [.. variables] : null;
    }

    private static void ReadResources(ForeignMap container, SweepDraft draft)
    {
        string[] keys = ["resources", "resourcesPerNode"];
        foreach (string key in keys.Where(container.Has))
        {
            var limits = container.Find(key) is MapNode map ? map.Entries.Select(e => e.Value).OfType<MapNode>().Append(map).SelectMany(m => m.Entries) : [];
            if (limits.Any(e => e.Key.Text is "nvidia.com/gpu" && e.Value is ScalarNode { Text: not "0" }))
                draft.Device = "cuda";
            draft.NotCarried(container.PlaceOf(key), key, draft.Device is "cuda" ? "a worker has one GPU; how many are free says who starts the workers" : "a worker takes what its machine has");
        }
    }

    private static MapNode? Leader(MapNode replicas) => Leaders.Select(replicas.Find).OfType<MapNode>().FirstOrDefault();

    private static long Members(MapNode replicas) =>
        Math.Clamp(replicas.Entries.Sum(e => e.Value is MapNode replica ? Math.Min(Whole(replica.Find("replicas")) ?? 1, 1024) : 0), 1, 1024);

    private static long? Whole(Node? node) => node is ScalarNode scalar ? Yaml11.IntegerOf(scalar.Text) : null;

    private static List<MapNode> PodsOf(Node node, int depth) => node switch
    {
        MapNode map when map.Find("containers") is ListNode containers => [.. containers.Items.OfType<MapNode>()],
        MapNode map when depth < 16 => [.. map.Entries.SelectMany(e => PodsOf(e.Value, depth + 1))],
        _ => [],
    };
}
