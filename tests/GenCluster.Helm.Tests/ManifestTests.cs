using GenCluster.Helm.Tests.Support;
using k8s;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>What holds for everything that the charts make, whatever the values.</summary>
public sealed class ManifestTests
{
    private static readonly string[] Reviewed = ["lab-gencluster-coordinator", "vision-search-coordinator"]; // may have tokens reviewed

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var chart in Chart.All)
            {
                foreach (string values in chart.Values)
                    data.Add(chart.Name, values);
            }

            return data;
        }
    }

    [Fact]
    public void There_are_more_than_twenty_files_of_values() => Chart.All.Sum(c => c.Values.Count).ShouldBeGreaterThan(20);

    /// <summary>Loading is strict: what Kubernetes does not know is an error.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_object_is_as_Kubernetes_has_it(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        manifests.Objects.ShouldNotBeEmpty();
        manifests.Objects.GroupBy(o => $"{o.Kind} {o.Name()}").Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
        manifests.Objects.Where(o => o.Name().Length > 63 || !o.Name().All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')).Select(o => o.Name()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_object_says_what_it_is_a_part_of(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        manifests.Objects.Where(o => o.Name() != "more").ShouldAllBe(o =>
            o.Metadata.Labels["app.kubernetes.io/instance"] == Chart.Release && o.Metadata.Labels["app.kubernetes.io/managed-by"] == "Helm" && o.Metadata.Labels.ContainsKey("helm.sh/chart"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Selectors_select_their_pods_and_hold_nothing_that_changes(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        foreach (var made in manifests.Objects.Where(o => Manifests.SelectorOf(o) is not null))
        {
            var labels = Manifests.TemplateOf(made)!.Metadata.Labels;
            Manifests.SelectorOf(made)!.MatchLabels.ShouldAllBe(l => labels[l.Key] == l.Value);
            Manifests.SelectorOf(made)!.MatchLabels.Keys.ShouldBe(["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"], ignoreOrder: true);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Services_lead_to_ports_that_pods_have(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        foreach (var service in manifests.All<V1Service>())
        {
            var pod = manifests.Pods.Where(p => service.Spec.Selector.All(s => p.Metadata.Labels.TryGetValue(s.Key, out string? value) && value == s.Value)).ShouldHaveSingleItem();
            string[] ports = [.. pod.Spec.Containers.SelectMany(c => c.Ports).Select(p => p.Name)];
            service.Spec.Ports.Select(p => p.TargetPort.Value).Except(ports).ShouldBeEmpty($"{service.Name()} leads nowhere");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Containers_have_no_rights_that_they_do_not_need(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        foreach (var (pod, container) in manifests.Containers)
        {
            pod.SecurityContext.RunAsNonRoot.ShouldBe(true);
            pod.SecurityContext.RunAsUser.ShouldBe(container.Name == "postgresql" ? 999 : 1654);
            pod.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault");
            container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true);
            container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false);
            container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
            container.SecurityContext.Privileged.ShouldBeNull();
            container.VolumeMounts.ShouldContain(m => m.MountPath == "/tmp", $"{container.Name} has no place to write to");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nobody_holds_a_token_of_the_cluster_but_who_has_tokens_reviewed(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);
        bool reviews = manifests.All<V1ClusterRoleBinding>().Any();

        manifests.Pods.Where(p => p.Spec.AutomountServiceAccountToken != false).Select(p => p.Of).ShouldBe(reviews ? [manifests.Pods.First(p => Reviewed.Contains(p.Of)).Of] : []);
        manifests.All<V1ServiceAccount>().ShouldAllBe(a => a.AutomountServiceAccountToken == false);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Memory_is_bounded_and_the_processor_is_not(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        manifests.Containers.ShouldAllBe(c => c.Container.Resources.Limits.ContainsKey("memory") && !c.Container.Resources.Limits.ContainsKey("cpu") && c.Container.Resources.Requests.ContainsKey("cpu"));
        manifests.Pods.SelectMany(p => p.Spec.Volumes ?? []).Where(v => v.EmptyDir is not null && v.Name != "more").ShouldAllBe(v => v.EmptyDir.SizeLimit != null);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Volumes_are_all_mounted_and_mounts_have_volumes(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        foreach (var (of, _, pod) in manifests.Pods)
        {
            string[] claimed = [.. manifests.All<V1StatefulSet>().Where(s => s.Name() == of).SelectMany(s => s.Spec.VolumeClaimTemplates ?? []).Select(c => c.Name())];
            pod.Volumes.Select(v => v.Name).Concat(claimed).ShouldBe(
                pod.Containers.Concat(pod.InitContainers ?? []).SelectMany(c => c.VolumeMounts).Select(m => m.Name).Distinct(), ignoreOrder: true, of);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_port_says_its_protocol(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        manifests.Containers.SelectMany(c => c.Container.Ports ?? []).ShouldAllBe(p => p.Protocol == "TCP");
        manifests.All<V1Service>().SelectMany(s => s.Spec.Ports).ShouldAllBe(p => p.Protocol == "TCP");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Probes_ask_ports_that_are_there(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        foreach (var container in manifests.Containers.Select(c => c.Container))
        {
            V1Probe?[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];
            probes.Where(p => p?.HttpGet is not null).Select(p => p!.HttpGet.Port.Value).Except((container.Ports ?? []).Select(p => p.Name)).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_secret_is_made_and_none_is_written_down(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);

        manifests.All<V1Secret>().ShouldBeEmpty();
        manifests.Containers.SelectMany(c => c.Container.Env ?? []).Where(e => e.Name.Contains("PASSWORD", StringComparison.Ordinal) && e.Value is { } value && !value.StartsWith('/')).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Config_maps_that_pods_read_are_there_or_somebody_elses(string chart, string values)
    {
        var manifests = await Chart.Of(chart).RenderAsync(values);
        string[] made = [.. manifests.All<V1ConfigMap>().Select(m => m.Name())];

        manifests.Pods.SelectMany(p => p.Spec.Volumes ?? []).Where(v => v.ConfigMap is not null).Select(v => v.ConfigMap.Name).Except(made).ShouldBe(
            values is "config-map" || (chart == Chart.Sweep.Name && values == "old-kubernetes") ? ["sweeps"] : []);
    }
}
