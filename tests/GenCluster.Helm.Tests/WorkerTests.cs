using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>The workers of the chart.</summary>
public sealed class WorkerTests
{
    private const string Name = "lab-gencluster-worker";

    [Fact]
    public async Task A_worker_owns_one_gpu_and_shared_memory()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        var container = manifests.Container(Name);
        container.Resources.Limits["nvidia.com/gpu"].ToString().ShouldBe("1");
        container.Resources.Requests["nvidia.com/gpu"].ToString().ShouldBe("1");
        container.Image.ShouldBe("gencluster/worker:0.1.0-cuda");
        var memory = manifests.Pod(Name).Volumes.Single(v => v.Name == "shm").EmptyDir;
        (memory.Medium, memory.SizeLimit.ToString()).ShouldBe(("Memory", "2Gi"));
        container.VolumeMounts.ShouldContain(m => m.Name == "shm" && m.MountPath == "/dev/shm");
        manifests.Pod(Name).Tolerations.ShouldContain(t => t.Key == "nvidia.com/gpu" && t.Effect == "NoSchedule");
    }

    [Fact]
    public async Task On_processors_it_asks_for_no_gpu()
    {
        var manifests = await Chart.Cluster.RenderAsync("cpu");

        manifests.One<V1Deployment>(Name).Spec.Replicas.ShouldBe(2);
        manifests.Container(Name).Resources.Limits.Keys.ShouldBe(["memory"]);
        manifests.Container(Name).Image.ShouldBe("gencluster/worker:0.1.0-cpu");
        manifests.Container(Name).Args.ShouldContain("cpu");
        manifests.Pod(Name).Tolerations.ShouldNotContain(t => t.Key == "nvidia.com/gpu");
    }

    [Fact]
    public async Task An_upgrade_takes_no_spare_gpu_and_a_lost_node_is_given_up_after_a_minute()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        var rolling = manifests.One<V1Deployment>(Name).Spec.Strategy.RollingUpdate;
        (rolling.MaxSurge.Value, rolling.MaxUnavailable.Value).ShouldBe(("0", "1"));
        manifests.Pod(Name).Tolerations.Where(t => t.Effect == "NoExecute").Select(t => (t.Key, t.TolerationSeconds)).ShouldBe(
            [("node.kubernetes.io/unreachable", 60L), ("node.kubernetes.io/not-ready", 60L)]);
    }

    [Fact]
    public async Task It_is_asked_to_leave_half_a_minute_before_it_is_killed()
    {
        var manifests = await Chart.Cluster.RenderAsync("defaults");

        manifests.Pod(Name).TerminationGracePeriodSeconds.ShouldBe(300);
        var args = manifests.Container(Name).Args;
        args[args.IndexOf("--grace") + 1].ShouldBe("270");
    }

    [Fact]
    public async Task A_machine_that_trains_may_answer_late()
    {
        var probe = (await Chart.Cluster.RenderAsync("defaults")).Container(Name).LivenessProbe;

        probe.TimeoutSeconds.ShouldBe(10);
        (probe.PeriodSeconds * probe.FailureThreshold).ShouldBe(120);
    }

    [Fact]
    public async Task A_stateful_worker_keeps_its_name_and_its_volume()
    {
        var manifests = await Chart.Cluster.RenderAsync("stateful-workers");

        var set = manifests.One<V1StatefulSet>(Name);
        (set.Spec.Replicas, set.Spec.PodManagementPolicy).ShouldBe((4, "Parallel"));
        var claim = set.Spec.VolumeClaimTemplates.ShouldHaveSingleItem();
        (claim.Metadata.Name, claim.Spec.StorageClassName, claim.Spec.Resources.Requests["storage"].ToString()).ShouldBe(("runs", "local", "100Gi"));
        manifests.One<V1Service>(set.Spec.ServiceName).Spec.ClusterIP.ShouldBe("None");
        manifests.One<V1PodDisruptionBudget>(Name).Spec.MaxUnavailable.Value.ShouldBe("25%");
        manifests.Pod(Name).TopologySpreadConstraints.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Results_and_checkpoints_go_where_all_workers_reach_them()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        var container = manifests.Container(Name);
        container.Args.ShouldContain("s3://checkpoints/gencluster?region=eu-central-1");
        container.EnvFrom.ShouldHaveSingleItem().SecretRef.Name.ShouldBe("gencluster-bucket");
        manifests.Pod(Name).Volumes.Single(v => v.Name == "runs").PersistentVolumeClaim.ClaimName.ShouldBe("runs");
    }

    [Fact]
    public async Task External_metrics_scale_it_and_then_nobody_else_says_how_many_there_are()
    {
        var manifests = await Chart.Cluster.RenderAsync("hpa");

        manifests.One<V1Deployment>(Name).Spec.Replicas.ShouldBeNull();
        var scaler = manifests.One<V2HorizontalPodAutoscaler>();
        (scaler.Spec.ScaleTargetRef.Kind, scaler.Spec.ScaleTargetRef.Name).ShouldBe(("Deployment", Name));
        (scaler.Spec.MinReplicas, scaler.Spec.MaxReplicas).ShouldBe((1, 16));
        var metric = scaler.Spec.Metrics.ShouldHaveSingleItem().External;
        (metric.Metric.Name, metric.Target.Type, metric.Target.AverageValue.ToString()).ShouldBe(("gencluster_workers_wanted", "AverageValue", "1"));
        var recorded = manifests.One<PrometheusRule>("lab-gencluster-worker-scaling").Spec.Groups.ShouldHaveSingleItem().Rules.ShouldHaveSingleItem();
        (recorded.Record, recorded.Expr).ShouldBe((metric.Metric.Name, "sum(gencluster_workers{state=\"busy\"}) + sum(gencluster_trials_waiting{cause=~\"no_such_workers|behind\"})"));
        scaler.Spec.Behavior.ScaleDown.StabilizationWindowSeconds.ShouldBe(300);
    }

    [Fact]
    public async Task Keda_scales_it_from_none()
    {
        var manifests = await Chart.Cluster.RenderAsync("keda");

        manifests.One<V1Deployment>(Name).Spec.Replicas.ShouldBeNull();
        var scaled = manifests.One<ScaledObject>().Spec;
        (scaled.ScaleTargetRef.Name, scaled.MinReplicaCount, scaled.MaxReplicaCount).ShouldBe((Name, 0, 16));
        var trigger = scaled.Triggers.ShouldHaveSingleItem();
        trigger.Metadata["serverAddress"].ShouldBe("http://prometheus.monitoring:9090");
        trigger.Metadata["query"].ShouldStartWith("sum(gencluster_workers{");
    }

    [Fact]
    public async Task Queues_of_kueue_and_volcano_are_named_where_they_look_for_them()
    {
        var kueue = (await Chart.Cluster.RenderAsync("kueue")).One<V1Deployment>(Name);
        kueue.Metadata.Labels["kueue.x-k8s.io/queue-name"].ShouldBe("ml");
        kueue.Metadata.Labels["kueue.x-k8s.io/priority-class"].ShouldBe("low");

        var volcano = await Chart.Cluster.RenderAsync("volcano");
        volcano.Pod(Name).SchedulerName.ShouldBe("volcano");
        volcano.Pods.Single(p => p.Of == Name).Metadata.Annotations["scheduling.volcano.sh/queue-name"].ShouldBe("ml");
    }

    [Fact]
    public async Task Everything_that_a_cluster_asks_of_pods_can_be_said()
    {
        var manifests = await Chart.Cluster.RenderAsync("everything-else");

        var pod = manifests.Pod("vision-search-worker");
        pod.RuntimeClassName.ShouldBe("nvidia");
        pod.PriorityClassName.ShouldBe("batch");
        pod.Tolerations.ShouldContain(t => t.Key == "spot");
        pod.Tolerations.ShouldContain(t => t.Key == "amd.com/gpu");
        pod.Containers[0].Image.ShouldStartWith("registry.example.org/mirror/gencluster/worker@sha256:0123");
        pod.Containers[0].Resources.Limits["amd.com/gpu"].ToString().ShouldBe("1");
        pod.Containers[0].Args.ShouldContain("--programs-only");
        manifests.One<V1ServiceAccount>("vision-search-worker").Metadata.Annotations.Keys.ShouldBe(["eks.amazonaws.com/role-arn"]);
        manifests.Pods.Single(p => p.Of == "vision-search-worker").Metadata.Labels["tier"].ShouldBe("gpu");
    }
}
