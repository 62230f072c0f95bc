using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace GenCluster.Helm.Tests.Support;

// Kinds of operators that the charts speak to, with the members that the charts write and no others: a member that is
// misspelt, or stands in another place, does not load.

internal abstract class OtherKind : IKubernetesObject<V1ObjectMeta>
{
    [YamlMember(Alias = "apiVersion")]
    public string ApiVersion { get; set; } = "";

    [YamlMember(Alias = "kind")]
    public string Kind { get; set; } = "";

    [YamlMember(Alias = "metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();
}

internal sealed class ServiceMonitor : OtherKind
{
    public MonitorSpec Spec { get; set; } = new();

    internal sealed class MonitorSpec
    {
        public string JobLabel { get; set; } = "";

        public V1LabelSelector Selector { get; set; } = new();

        public List<MonitorEndpoint> Endpoints { get; set; } = [];
    }
}

internal sealed class PodMonitor : OtherKind
{
    public MonitorSpec Spec { get; set; } = new();

    internal sealed class MonitorSpec
    {
        public string JobLabel { get; set; } = "";

        public V1LabelSelector Selector { get; set; } = new();

        public List<MonitorEndpoint> PodMetricsEndpoints { get; set; } = [];
    }
}

internal sealed class MonitorEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string Interval { get; set; } = "";
}

internal sealed class PrometheusRule : OtherKind
{
    public RuleSpec Spec { get; set; } = new();

    internal sealed class RuleSpec
    {
        public List<Group> Groups { get; set; } = [];
    }

    internal sealed class Group
    {
        public string Name { get; set; } = "";

        public string Interval { get; set; } = "";

        public List<Rule> Rules { get; set; } = [];
    }

    internal sealed class Rule
    {
        public string Alert { get; set; } = "";

        public string Record { get; set; } = "";

        public string Expr { get; set; } = "";

        public string For { get; set; } = "";

        [YamlMember(Alias = "keep_firing_for", ApplyNamingConventions = false)]
        public string KeepFiringFor { get; set; } = "";

        public Dictionary<string, string> Labels { get; set; } = [];

        public Dictionary<string, string> Annotations { get; set; } = [];
    }
}

internal sealed class Certificate : OtherKind
{
    public CertificateSpec Spec { get; set; } = new();

    internal sealed class CertificateSpec
    {
        public string SecretName { get; set; } = "";

        public Issuer IssuerRef { get; set; } = new();

        public List<string> DnsNames { get; set; } = [];

        public List<string> Usages { get; set; } = [];

        public Key PrivateKey { get; set; } = new();
    }

    internal sealed class Issuer
    {
        public string Name { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Group { get; set; } = "";
    }

    internal sealed class Key
    {
        public string Algorithm { get; set; } = "";

        public int Size { get; set; }

        public string Encoding { get; set; } = "";

        public string RotationPolicy { get; set; } = "";
    }
}

internal sealed class ScaledObject : OtherKind
{
    public ScaledSpec Spec { get; set; } = new();

    internal sealed class ScaledSpec
    {
        public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();

        public int MinReplicaCount { get; set; }

        public int MaxReplicaCount { get; set; }

        public int CooldownPeriod { get; set; }

        public Advanced Advanced { get; set; } = new();

        public List<Trigger> Triggers { get; set; } = [];
    }

    internal sealed class Advanced
    {
        public HpaConfig HorizontalPodAutoscalerConfig { get; set; } = new();
    }

    internal sealed class HpaConfig
    {
        public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
    }

    internal sealed class Trigger
    {
        public string Type { get; set; } = "";

        public Dictionary<string, string> Metadata { get; set; } = [];
    }
}
