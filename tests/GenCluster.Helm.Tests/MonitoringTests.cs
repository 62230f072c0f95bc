using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>What Prometheus' operator and Grafana are told.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public async Task Coordinators_are_read_through_the_service_that_names_each_of_them()
    {
        var manifests = await Chart.Cluster.RenderAsync("monitoring");

        var monitor = manifests.One<ServiceMonitor>();
        monitor.Metadata.Labels["release"].ShouldBe("prometheus");
        var service = manifests.All<V1Service>().Where(s => monitor.Spec.Selector.MatchLabels.All(l => s.Metadata.Labels.TryGetValue(l.Key, out string? value) && value == l.Value)).ShouldHaveSingleItem();
        service.Name().ShouldBe("lab-gencluster-nodes");
        var endpoint = monitor.Spec.Endpoints.ShouldHaveSingleItem();
        (endpoint.Path, endpoint.Interval).ShouldBe(("/metrics", "15s"));
        service.Spec.Ports.ShouldContain(p => p.Name == endpoint.Port);
    }

    [Fact]
    public async Task Workers_are_read_one_by_one()
    {
        var manifests = await Chart.Cluster.RenderAsync("monitoring");

        var monitor = manifests.One<PodMonitor>();
        var worker = manifests.Pods.Where(p => monitor.Spec.Selector.MatchLabels.All(l => p.Metadata.Labels.TryGetValue(l.Key, out string? value) && value == l.Value)).ShouldHaveSingleItem();
        worker.Of.ShouldBe("lab-gencluster-worker");
        worker.Spec.Containers[0].Ports.ShouldContain(p => p.Name == monitor.Spec.PodMetricsEndpoints[0].Port);
    }

    [Fact]
    public async Task Coordinators_know_how_many_workers_there_should_be_where_that_was_said()
    {
        (await Chart.Cluster.RenderAsync("monitoring")).Container("lab-gencluster-coordinator").Args.SkipWhile(a => a != "--expected-workers").Skip(1).First().ShouldBe("1");
        (await Chart.Cluster.RenderAsync("defaults")).Container("lab-gencluster-coordinator").Args.ShouldNotContain("--expected-workers");
    }

    [Fact]
    public async Task Without_the_operator_its_kinds_are_left_out_and_that_is_said()
    {
        var manifests = await Chart.Cluster.RenderAsync("monitoring-without-operator");

        manifests.Objects.Where(o => o is OtherKind).ShouldBeEmpty();
        (await Chart.Cluster.NotesAsync("monitoring-without-operator")).ShouldContain("this cluster has no monitoring.coreos.com/v1: monitors and rules were left out");
    }

    [Fact]
    public async Task Alerts_and_dashboards_are_those_of_the_repository()
    {
        var manifests = await Chart.Cluster.RenderAsync("monitoring");

        manifests.All<PrometheusRule>().Count().ShouldBe(Carried.Rules.Count);
        manifests.All<PrometheusRule>().SelectMany(r => r.Spec.Groups).ShouldAllBe(g => g.Rules.Count > 0);
        var dashboards = manifests.All<V1ConfigMap>().Where(m => m.Metadata.Labels.ContainsKey("grafana_dashboard")).ToList();
        dashboards.SelectMany(d => d.Data.Keys).ShouldBe(Carried.Dashboards.Select(f => Path.GetFileName(f)!), ignoreOrder: true);
        dashboards.ShouldAllBe(d => d.Metadata.Annotations["grafana_folder"] == "GenCluster");
        (await Chart.Cluster.RenderAsync("defaults")).All<V1ConfigMap>().Where(m => m.Metadata.Labels.ContainsKey("grafana_dashboard")).ShouldBeEmpty();
    }
}
