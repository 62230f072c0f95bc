using k8s;
using k8s.Models;

namespace GenCluster.Helm.Tests.Support;

/// <summary>Everything that a release would create, as Kubernetes' own types.</summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Type> Others = new(StringComparer.Ordinal)
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
    };

    private Manifests(string text, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects)
    {
        Text = text;
        Objects = objects;
    }

    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>All pods that would come of it, with the name of what makes them.</summary>
    public IReadOnlyList<(string Of, V1ObjectMeta Metadata, V1PodSpec Spec)> Pods =>
    [
        .. Objects.Select(o => (o.Name(), Template: TemplateOf(o))).Where(p => p.Template is not null).Select(p => (p.Item1, p.Template!.Metadata, p.Template.Spec)),
        .. All<V1Pod>().Select(p => (p.Name(), p.Metadata, p.Spec)),
    ];

    /// <summary>All containers, those of the beginning included.</summary>
    public IEnumerable<(V1PodSpec Pod, V1Container Container)> Containers =>
        Pods.SelectMany(p => (p.Spec.InitContainers ?? []).Concat(p.Spec.Containers).Select(c => (p.Spec, c)));

    /// <exception cref="YamlDotNet.Core.YamlException">Something is not as Kubernetes has it; the message names it.</exception>
    public static Manifests Read(string text) =>
        new(text, [.. KubernetesYaml.LoadAllFromString(text, Others, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);

    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    /// <summary>The only one of its kind.</summary>
    public T One<T>() => All<T>().ShouldHaveSingleItem();

    public T One<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Where(o => o.Name() == name).ShouldHaveSingleItem($"no {typeof(T).Name} {name}");

    public V1PodSpec Pod(string of) => Pods.Where(p => p.Of == of).ShouldHaveSingleItem().Spec;

    /// <summary>The main container of what has that name.</summary>
    public V1Container Container(string of) => Pod(of).Containers.ShouldHaveSingleItem();

    public static V1PodTemplateSpec? TemplateOf(object made) => made switch
    {
        V1StatefulSet s => s.Spec.Template,
        V1Deployment d => d.Spec.Template,
        V1Job j => j.Spec.Template,
        _ => null,
    };

    public static V1LabelSelector? SelectorOf(object made) => made switch
    {
        V1StatefulSet s => s.Spec.Selector,
        V1Deployment d => d.Spec.Selector,
        _ => null,
    };
}
