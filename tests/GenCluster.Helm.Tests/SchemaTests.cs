using System.Text.Json;
using GenCluster.Helm.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace GenCluster.Helm.Tests;

/// <summary>Wrong values are refused with the key that is wrong, before anything is installed.</summary>
public sealed class SchemaTests
{
    /// <summary>Objects of Kubernetes' own, which it checks itself, and maps whose keys are the user's.</summary>
    private static readonly string[] Open =
    [
        "global", "extraObjects", "volumes", "affinity/nodeAffinity", "affinity/podAffinity", "affinity/podAntiAffinity",
        "peers/podSelector", "peers/namespaceSelector", "peers/ipBlock", "env/valueFrom",
    ];

    public static TheoryData<string> Charts => [.. Chart.All.Select(c => c.Name)];

    [Theory]
    [InlineData("coordinator.replicas=2", "/coordinator/replicas", "1, 3")]
    [InlineData("coordinator.replicas=\"3\"", "/coordinator/replicas", "1, 3")]
    [InlineData("coordinator.replica=3", "/coordinator", "'replica' not allowed")]
    [InlineData("coordinators.replicas=3", "", "'coordinators' not allowed")]
    [InlineData("coordinator.port=0", "/coordinator/port", "minimum")]
    [InlineData("coordinator.httpPort=70000", "/coordinator/httpPort", "maximum")]
    [InlineData("coordinator.image.repository=\"Gen Cluster\"", "/coordinator/image/repository", "pattern")]
    [InlineData("coordinator.image.digest=\"sha256:abc\"", "/coordinator/image/digest", "pattern")]
    [InlineData("coordinator.image.name=\"x\"", "/coordinator/image", "'name' not allowed")]
    [InlineData("coordinator.resources.request={\"cpu\":1}", "/coordinator/resources", "'request' not allowed")]
    [InlineData("coordinator.resources.limits.memory=\"1 GB\"", "/coordinator/resources/limits/memory", "oneOf")]
    [InlineData("coordinator.projects.vision.qouta=8", "/coordinator/projects/vision", "'qouta' not allowed")]
    [InlineData("coordinator.service.type=\"ExternalName\"", "/coordinator/service/type", "ClusterIP")]
    [InlineData("coordinator.tolerations=[{\"key\":\"a\",\"operator\":\"In\"}]", "/coordinator/tolerations/0/operator", "Exists")]
    [InlineData("coordinator.affinity.nodeAfinity={}", "/coordinator/affinity", "'nodeAfinity' not allowed")]
    [InlineData("image.pullPolicy=\"Sometimes\"", "/image/pullPolicy", "IfNotPresent")]
    [InlineData("worker.kind=\"DaemonSet\"", "/worker/kind", "StatefulSet")]
    [InlineData("worker.replicas=-1", "/worker/replicas", "minimum")]
    [InlineData("worker.replicas=1.5", "/worker/replicas", "integer")]
    [InlineData("worker.device=\"tpu\"", "/worker/device", "cuda")]
    [InlineData("worker.sharedMemory=\"2 Gi\"", "/worker/sharedMemory", "pattern")]
    [InlineData("worker.checkpoints=\"/mnt/checkpoints\"", "/worker/checkpoints", "pattern")]
    [InlineData("worker.checkpoints=\"s3://user@bucket\"", "/worker/checkpoints", "pattern")]
    [InlineData("worker.autoscaling.type=\"vpa\"", "/worker/autoscaling/type", "keda")]
    [InlineData("worker.podDisruptionBudget.maxUnavailable=\"half\"", "/worker/podDisruptionBudget/maxUnavailable", "oneOf")]
    [InlineData("worker.podLabels.tier=1", "/worker/podLabels/tier", "string")]
    [InlineData("worker.extraEnv=[{\"name\":\"1X\",\"value\":\"\"}]", "/worker/extraEnv/0/name", "pattern")]
    [InlineData("worker.extraVolumeMounts=[{\"name\":\"x\",\"mountPath\":\"data\"}]", "/worker/extraVolumeMounts/0/mountPath", "pattern")]
    [InlineData("database.type=\"mysql\"", "/database/type", "sqlite")]
    [InlineData("database.existingSecret=\"A Secret\"", "/database/existingSecret", "pattern")]
    [InlineData("database.password=\"hush\"", "/database", "'password' not allowed")]
    [InlineData("auth.mode=\"basic\"", "/auth/mode", "kubernetes")]
    [InlineData("auth.oidc.authority=\"http://id.example.org\"", "/auth/oidc/authority", "pattern")]
    [InlineData("auth.roles.admins=[\"a\"]", "/auth/roles", "'admins' not allowed")]
    [InlineData("auth.commands=[{\"program\":\"a\"}]", "/auth/commands/0", "missing property")]
    [InlineData("tls.enabled=\"yes\"", "/tls/enabled", "boolean")]
    [InlineData("ingress.host=\"https://x.example.org\"", "/ingress/host", "pattern")]
    [InlineData("networkPolicy.apiFrom=[{\"pods\":{}}]", "/networkPolicy/apiFrom/0", "'pods' not allowed")]
    [InlineData("metrics.interval=\"often\"", "/metrics/interval", "pattern")]
    [InlineData("metrics.prometheusRules.enabled=true", "/metrics", "'prometheusRules' not allowed")]
    [InlineData("extraObjects=[{\"kind\":\"ConfigMap\"}]", "/extraObjects/0", "missing properties")]
    public async Task A_wrong_value_is_refused_with_its_key(string setting, string key, string why)
    {
        string refusal = await Chart.Cluster.RefusalAsync(setting);

        refusal.ShouldContain($"- at '{key}':");
        refusal.ShouldContain(why);
    }

    [Theory]
    [InlineData("server=\"gencluster:8080\"", "/server", "pattern")]
    [InlineData("server=\"http://me:secret@gencluster\"", "/server", "pattern")]
    [InlineData("sweep={\"kind\":\"Sweep\"}", "/sweep", "string")]
    [InlineData("auth.mode=\"tokens\"", "/auth/mode", "token")]
    [InlineData("job.restartPolicy=\"Never\"", "/job", "'restartPolicy' not allowed")]
    [InlineData("job.backoffLimit=-1", "/job/backoffLimit", "minimum")]
    [InlineData("sweepName=\"a b\"", "/sweepName", "pattern")]
    [InlineData("uninstall=false", "/uninstall", "object")]
    public async Task A_wrong_value_of_a_sweep_is_refused_with_its_key(string setting, string key, string why)
    {
        string refusal = await Chart.Sweep.RefusalAsync(setting);

        refusal.ShouldContain($"- at '{key}':");
        refusal.ShouldContain(why);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_schema_is_closed_at_every_level(string chart)
    {
        using var schema = JsonDocument.Parse(Repository.Read("helm", chart, "values.schema.json"));

        Objects(schema.RootElement, "").Where(o => !o.Schema.TryGetProperty("additionalProperties", out var more) || more.ValueKind is JsonValueKind.True)
            .Select(o => o.Path).Where(path => !Open.Any(open => path.EndsWith("/" + open, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    /// <summary>Every key that the schema allows has its default and its description in <c>values.yaml</c>, and the other way round.</summary>
    [Theory]
    [MemberData(nameof(Charts))]
    public void Schema_and_defaults_have_the_same_keys(string chart)
    {
        using var schema = JsonDocument.Parse(Repository.Read("helm", chart, "values.schema.json"));
        var values = new YamlStream();
        values.Load(new StringReader(Repository.Read("helm", chart, "values.yaml")));

        Keys(schema.RootElement, schema.RootElement, "").Where(k => k != "/global").ShouldBe(Keys(values.Documents[0].RootNode, ""), ignoreOrder: true);
    }

    private static IEnumerable<(string Path, JsonElement Schema)> Objects(JsonElement at, string path)
    {
        if (at.ValueKind is JsonValueKind.Array)
            return at.EnumerateArray().SelectMany(e => Objects(e, path));
        if (at.ValueKind is not JsonValueKind.Object)
            return [];
        var below = at.EnumerateObject().SelectMany(p => Objects(p.Value, p.Name is "properties" or "definitions" or "items" ? path : $"{path}/{p.Name}"));
        return at.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.GetString() == "object" ? below.Prepend((path, at)) : below;
    }

    private static IEnumerable<string> Keys(JsonElement root, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            schema = root.GetProperty("definitions").GetProperty(reference.GetString()!.Split('/')[^1]);
        return schema.TryGetProperty("properties", out var members) && !path.EndsWith("/resources", StringComparison.Ordinal) && !path.EndsWith("/affinity", StringComparison.Ordinal)
            ? members.EnumerateObject().SelectMany(m => Keys(root, m.Value, $"{path}/{m.Name}"))
            : [path];
    }

    private static IEnumerable<string> Keys(YamlNode node, string path) =>
        node is YamlMappingNode { Style: not YamlDotNet.Core.Events.MappingStyle.Flow } members && !path.EndsWith("/resources", StringComparison.Ordinal)
            ? members.Children.SelectMany(m => Keys(m.Value, $"{path}/{m.Key}"))
            : [path];
}
