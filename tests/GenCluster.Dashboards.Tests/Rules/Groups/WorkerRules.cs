using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>There are workers, they are well, and whoever waits gets them.</summary>
internal static class WorkerRules
{
    public static RuleGroup Group { get; } = new(
        "workers", "There are workers, they are well, and whoever waits gets them.",
        new Alert(
            "GenClusterWorkersMissing", Severity.Warning, "10m",
            """
            max by (namespace) (gencluster_workers_expected > 0)
              - sum by (namespace) (gencluster_workers) > 0
            """,
            $"Fewer workers are attached than expected{Here}",
            "Missing: {{ $value }}. Trials run on those that are there; a trial that needs more at once waits."),
        new Alert(
            "GenClusterNoFreeWorker", Severity.Info, "30m",
            """
            sum by (namespace) (gencluster_trials_waiting) > 0
              and sum by (namespace) (gencluster_workers{state="free"}) == 0
            """,
            $"Trials wait, and no worker is free{Here}",
            "Trials that wait: {{ $value }}. Nothing is broken: more workers would finish the work earlier."),
        new Alert(
            "GenClusterTrialsUnplaceable", Severity.Warning, "15m",
            """sum by (namespace, cause) (gencluster_trials_waiting{cause=~"no_such_workers|workers_set_aside|above_quota"}) > 0""",
            "Trials wait for what there is not" + Here,
            "Trials that wait because of {{ $labels.cause }}: {{ $value }}. That other trials end does not help them. gencluster explain SWEEP TRIAL says what they need."),
        new Alert(
            "GenClusterQueueWaitHigh", Severity.Warning, "0m",
            "histogram_quantile(0.95, sum by (namespace, le) (rate(gencluster_trial_queue_wait_seconds_bucket[1h]))) > 1800",
            $"Trials wait long for workers{Here}",
            $"Of the trials that got workers in the last hour, one in twenty had waited longer than {Span}."),
        new Alert(
            "GenClusterWorkersSetAside", Severity.Warning, "10m",
            """sum by (namespace) (gencluster_workers{state="set_aside"}) > 0""",
            $"Workers are set aside because work keeps failing on them{Here}",
            "Workers set aside: {{ $value }}. Now and then one gets a single trial, to see whether it is well again."),
        new Alert(
            "GenClusterWorkersLost", Severity.Warning, "0m",
            $$"""
            sum by (namespace, reason) ({{Rise("""gencluster_worker_lost_total{reason!="preempted"}""", "1h")}}) > 3
            """,
            "Workers are lost again and again" + Here,
            $"Lost in the last hour, noticed as {{{{ $labels.reason }}}}: {Count}. Each costs its gang the step in flight, or goes back to a checkpoint if it was alone."),
        new Alert(
            "GenClusterWorkerDetached", Severity.Warning, "5m",
            "min by (namespace, instance) (gencluster_worker_attached) == 0",
            "The worker {{ $labels.instance }} finds no coordinator" + Here,
            "It has been without one for five minutes, and does no work that counts."),
        new Alert(
            "GenClusterHeartbeatStarved", Severity.Warning, "10m",
            "histogram_quantile(0.99, sum by (namespace, instance, le) (rate(gencluster_heartbeat_delay_seconds_bucket[5m]))) > 3",
            "The worker {{ $labels.instance }} is too busy to say that it lives" + Here,
            $"Its heartbeats come up to {Span} late. After 6 s it loses its lease, and its trial goes on without it."),
        new Alert(
            "GenClusterWorkerHardwareFailing", Severity.Warning, "0m",
            $$"""
            sum by (namespace, instance) ({{Rise("""gencluster_trainer_restarts_total{cause="hardware"}""", "1h")}}) > 2
            """,
            "Runs fail on the machine of {{ $labels.instance }}" + Here,
            $"Runs that failed in the last hour: {Count}. It is a full disk, damaged data or a broken device."),
        new Alert(
            "GenClusterDiskWillFill", Severity.Warning, "1h",
            """
            min by (namespace, instance, place) (gencluster_disk_free_bytes) < 1e11
              and min by (namespace, instance, place) (predict_linear(gencluster_disk_free_bytes[6h], 86400)) < 0
            """,
            "The disk for the {{ $labels.place }} of {{ $labels.instance }} will be full within a day" + Here,
            "{{ $value | humanize1024 }}B are left, and they go as fast as in the last six hours. A full disk fails trials, and stops a coordinator that has its journal there."),
        new Alert(
            "GenClusterDiskAlmostFull", Severity.Critical, "5m",
            "min by (namespace, instance, place) (gencluster_disk_free_bytes) < 1073741824",
            "The disk for the {{ $labels.place }} of {{ $labels.instance }} is almost full" + Here,
            "{{ $value | humanize1024 }}B are left."));
}
