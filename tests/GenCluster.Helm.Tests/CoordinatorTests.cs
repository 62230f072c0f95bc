using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>The coordinators of the chart.</summary>
public sealed class CoordinatorTests
{
    private const string Name = "lab-gencluster-coordinator";

    [Fact]
    public async Task One_coordinator_keeps_its_journal_on_a_volume_of_its_own()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        var set = manifests.One<V1StatefulSet>(Name);
        set.Spec.Replicas.ShouldBe(1);
        set.Spec.VolumeClaimTemplates.ShouldHaveSingleItem().Spec.Resources.Requests["storage"].ToString().ShouldBe("8Gi");
        set.Spec.VolumeClaimTemplates[0].Spec.StorageClassName.ShouldBeNull();
        manifests.Container(Name).Args.ShouldContain("/var/lib/gencluster/journal.db");
        manifests.Container(Name).VolumeMounts.ShouldContain(m => m.MountPath == "/var/lib/gencluster" && m.Name == "journal");
    }

    [Fact]
    public async Task Three_find_each_other_before_they_are_ready_and_start_at_the_same_time()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        var set = manifests.One<V1StatefulSet>(Name);
        set.Spec.Replicas.ShouldBe(3);
        set.Spec.PodManagementPolicy.ShouldBe("Parallel");
        set.Spec.VolumeClaimTemplates.ShouldBeNull();
        var nodes = manifests.One<V1Service>(set.Spec.ServiceName);
        nodes.Spec.ClusterIP.ShouldBe("None");
        nodes.Spec.PublishNotReadyAddresses.ShouldBe(true);
    }

    [Fact]
    public async Task Three_are_spread_over_nodes_and_evicted_one_at_a_time()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        var spread = manifests.Pod(Name).TopologySpreadConstraints.ShouldHaveSingleItem();
        (spread.TopologyKey, spread.MaxSkew, spread.WhenUnsatisfiable).ShouldBe(("kubernetes.io/hostname", 1, "DoNotSchedule"));
        manifests.One<V1PodDisruptionBudget>(Name).Spec.MaxUnavailable.Value.ShouldBe("1");
        spread.LabelSelector.MatchLabels.ShouldBe(manifests.One<V1StatefulSet>(Name).Spec.Selector.MatchLabels);
    }

    [Fact]
    public async Task A_restart_is_for_a_process_that_does_not_answer_and_traffic_for_one_that_can_serve()
    {
        var container = (await Chart.Cluster.RenderAsync("defaults")).Container(Name);

        (container.LivenessProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Port.Value).ShouldBe(("/healthz", "metrics"));
        (container.ReadinessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Port.Value).ShouldBe(("/readyz", "http"));
        (container.StartupProbe.FailureThreshold * container.StartupProbe.PeriodSeconds).ShouldBe(300, "to join may take five minutes");
    }

    [Fact]
    public async Task It_has_two_minutes_to_leave_and_is_taken_from_the_service_before()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        manifests.Pod(Name).TerminationGracePeriodSeconds.ShouldBe(120);
        manifests.Container(Name).Lifecycle.PreStop.Sleep.Seconds.ShouldBe(5);
    }

    [Fact]
    public async Task Older_clusters_get_nothing_that_they_do_not_know()
    {
        var manifests = await Chart.Cluster.RenderAsync("old-kubernetes");

        manifests.Container(Name).Lifecycle.ShouldBeNull();
        (await Chart.Sweep.RenderAsync("old-kubernetes")).All<V1Job>().ShouldAllBe(j => j.Spec.PodFailurePolicy == null);
    }

    [Fact]
    public async Task Quotas_of_projects_come_from_a_config_map_and_a_change_of_them_restarts()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        string projects = manifests.One<V1ConfigMap>("lab-gencluster-projects").Data["projects.yaml"];
        projects.ShouldContain("kind: Projects");
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, projects, TestContext.Current.CancellationToken);
            Configuration.ProjectsFile.Load(file).Diagnostics.ShouldBeEmpty();
        }
        finally
        {
            File.Delete(file);
        }

        manifests.Pods.Single(p => p.Of == Name).Metadata.Annotations["checksum/projects"].Length.ShouldBe(64);
        (await Chart.Cluster.RenderAsync("defaults")).Container(Name).Args.ShouldNotContain("--projects");
    }

    [Fact]
    public async Task The_api_has_a_service_and_an_ingress_where_wanted()
    {
        var manifests = await Chart.Cluster.RenderAsync("tokens");

        manifests.One<V1Service>("lab-gencluster").Spec.Ports.ShouldHaveSingleItem().Port.ShouldBe(8080);
        var ingress = manifests.One<V1Ingress>();
        ingress.Spec.IngressClassName.ShouldBe("nginx");
        ingress.Spec.Tls.ShouldHaveSingleItem().SecretName.ShouldBe("gencluster-example-org");
        ingress.Spec.Rules.ShouldHaveSingleItem().Http.Paths.ShouldHaveSingleItem().Backend.Service.Name.ShouldBe("lab-gencluster");
        (await Chart.Cluster.RenderAsync("oidc")).One<V1Service>("lab-gencluster").Spec.Type.ShouldBe("LoadBalancer");
    }

    [Fact]
    public async Task Everything_that_a_cluster_asks_of_pods_can_be_said()
    {
        var manifests = await Chart.Cluster.RenderAsync("everything-else");

        var pod = manifests.Pod("vision-search-coordinator");
        pod.ServiceAccountName.ShouldBe("ml");
        pod.PriorityClassName.ShouldBe("system");
        pod.NodeSelector["kubernetes.io/arch"].ShouldBe("amd64");
        pod.Tolerations.ShouldHaveSingleItem().Key.ShouldBe("control");
        pod.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms.ShouldHaveSingleItem();
        pod.ImagePullSecrets.ShouldHaveSingleItem().Name.ShouldBe("registry");
        pod.Containers[0].Image.ShouldBe("registry.example.org/mirror/gencluster/coordinator:1.2.3");
        pod.Containers[0].Env.ShouldContain(e => e.Name == "TZ" && e.Value == "UTC");
        pod.Containers[0].Args.ShouldContain("akka.tcp://gencluster@vision-search-coordinator-0.vision-search-nodes.ml.svc.k8s.example.org:4053");
        manifests.One<V1ConfigMap>("more").Data["a"].ShouldBe("b");
        manifests.Objects.Where(o => o.Metadata.Name != "more").ShouldAllBe(o => o.Metadata.Labels["team"] == "vision");
    }
}
