using static GenCluster.Dashboards.Tests.Dashboards.Pages.Select;

namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>Is there a coordinator, are there workers, and does work get done?</summary>
internal static class ClusterPage
{
    public static Dashboard Page { get; } = new(
        "cluster", "Cluster", "Who rules, which workers there are, what waits for them, and what fails.", [Namespace], [WhoRules, Work, Failures, Inside]);

    private static Row WhoRules => new(
        "Who rules",
        Number(
            "Coordinators in office", "none", "Exactly one node rules. None: no trial begins, and what workers report is kept by them. Two for longer than a moment: see the runbook.",
            new Query($"sum({In("gencluster_leader")})", "in office")).Set(warn: 1, bad: 1, lowIsBad: true, alerts: ["GenClusterNoLeader"]),
        Number(
            "Nodes up", "none", "Coordinator nodes that are members of the cluster, as the best-informed one sees it: one, or three of which any may fail.",
            new Query($"max({In("gencluster_cluster_members")})", "nodes")),
        Number(
            "Unreachable nodes", "none", "Nodes that some other node cannot reach. A few seconds of it are a restart.",
            new Query($"max({In("gencluster_unreachable_members")})", "nodes")).Set(bad: 1, alerts: ["GenClusterUnreachableMembers"]),
        Number(
            "Times in office", "none", "How often a coordinator took office since the journal began. It rises by one at each restart and failover.",
            new Query($"max({In("gencluster_coordinator_epoch")})", "epoch")).Set(alerts: ["GenClusterCoordinatorFlapping"]),
        Number(
            "Failovers in an hour", "none", "Times that a coordinator took office after an earlier one.",
            new Query($"sum(increase({In("gencluster_failover_total")}[1h]))", "failovers")).Set(warn: 1, bad: 4, alerts: ["GenClusterCoordinatorFlapping"]),
        Number(
            "Workers attached", "none", "Workers that the coordinator knows and that keep their leases.",
            new Query($"sum({In("gencluster_workers")})", "workers")).Set(alerts: ["GenClusterWorkersMissing"]),
        new Panel(
            Look.Table, "Releases", "What runs where. Coordinators and workers of different releases may refuse each other.", "none",
            new Query($"group by (version, commit, job, instance) ({In("gencluster_build_info")})", "")).Set(width: 12),
        Lines(
            "Who rules, over time", "none", "1 for the node that the coordinator is on. A gap is a failover: about 5 s after SIGTERM, 12 s after a crash.",
            new Query($"max by (instance) ({In("gencluster_leader")})", "{{instance}}")).Set(width: 12, min: 0, max: 1));

    private static Row Work => new(
        "Workers, and who waits for them",
        Stack(
            "Workers by state", "none", "Free, busy, set aside because work kept failing on them, or leaving. Much free while trials wait: ask why with gencluster explain.",
            new Query($"sum by (state) ({In("gencluster_workers")})", "{{state}}"),
            new Query($"max({In("gencluster_workers_expected")})", "expected")).Set(stacked: false, alerts: ["GenClusterWorkersMissing", "GenClusterWorkersSetAside"]),
        Stack(
            "Devices by kind and state", "none", "What the attached workers own, so what there is to train on.",
            new Query($"sum by (kind, state) ({In("gencluster_worker_capacity")})", "{{kind}} {{state}}")),
        Stack(
            "Trials that wait, by why", "none",
            "Waiting for running trials to end is normal. Without such workers, or above the quota, a trial waits for ever.",
            new Query($"sum by (cause) ({In("gencluster_trials_waiting")})", "{{cause}}")).Set(alerts: ["GenClusterTrialsUnplaceable", "GenClusterNoFreeWorker"]),
        Lines(
            "Demand and supply", "none", "Trials that run or wait, beside workers that could take them. Where the first stays above the second, more workers would help.",
            new Query($$"""sum({{In("gencluster_trials", "state=~\"pending|running\"")}})""", "trials that run or wait"),
            new Query($$"""sum({{In("gencluster_workers", "state=~\"free|busy\"")}})""", "workers free or busy")),
        Lines(
            "How long trials wait for workers", "s", "From a trial's wish for workers until it had them.",
            HalfAndMost("gencluster_trial_queue_wait_seconds", 0.95)).Set(alerts: ["GenClusterQueueWaitHigh"]),
        Stack(
            "Trials by state", "none", "All trials of the sweeps that the coordinator knows.",
            new Query($"sum by (state) ({In("gencluster_trials")})", "{{state}}")));

    private static Row Failures => new(
        "What ends, and what fails",
        Stack(
            "Trials that end, in an hour", "none", "By outcome. Pruned ones were stopped early because others do better; that is not a fault.",
            new Query($"sum by (outcome) (increase({In("gencluster_trials_finished_total")}[1h]))", "{{outcome}}")).Set(alerts: ["GenClusterTrialFailureRateHigh"]),
        Stack(
            "Trials that fail, in an hour, by what failed", "none",
            "user_error and non_finite are in the sweep; out_of_memory is in both; lost and hardware are in the machines.",
            new Query($$"""sum by (reason) (increase({{In("gencluster_trials_finished_total", "outcome=\"failed\"")}}[1h]))""", "{{reason}}")),
        Stack(
            "Changes of gangs, in an hour", "none", "Planned ones are elasticity at work. The others cost the step in flight.",
            new Query($"sum by (reason) (increase({In("gencluster_reassignments_total")}[1h]))", "{{reason}}")),
        Stack(
            "Workers lost, in an hour", "none", "By how it was noticed. Preempted ones were asked to leave by whoever runs the machines.",
            new Query($"sum by (reason) (increase({In("gencluster_worker_lost_total")}[1h]))", "{{reason}}")).Set(alerts: ["GenClusterWorkersLost"]),
        Stack(
            "Runs that broke on workers, in an hour", "none", "By what failed. All on one machine: it is the machine.",
            new Query($"sum by (cause) (increase({In("gencluster_trainer_restarts_total")}[1h]))", "{{cause}}")).Set(alerts: ["GenClusterWorkerHardwareFailing"]),
        Lines(
            "Sweeps by state", "none", "A halted sweep needs somebody: something around it has to be put right first.",
            new Query($"sum by (state) ({In("gencluster_sweeps")})", "{{state}}")).Set(min: 0, alerts: ["GenClusterSweepHalted"]));

    private static Row Inside => new(
        "Inside",
        Lines(
            "How long decisions take", "s", "Who gets which workers, and what happens next in a sweep. A Gaussian process over hundreds of trials takes its time.",
            HalfAndMost("gencluster_scheduler_decision_seconds", 0.99, "decision")).Set(logarithmic: true, alerts: ["GenClusterDecisionsSlow"]),
        Lines(
            "Messages that wait for the coordinator", "none", "Usually a handful. Hundreds: it is overloaded, or waits for the database.",
            new Query($"max by (instance) ({In("gencluster_mailbox_messages")})", "{{instance}}")).Set(min: 0, warn: 1000, alerts: ["GenClusterCoordinatorBusy"]),
        Lines(
            "Heartbeats of workers: how late", "s", "The lease ends after 6 s of silence. Above 3 s a worker is starved of processor time.",
            new Query(Quantile(0.99, "gencluster_heartbeat_delay_seconds", "instance"), "{{instance}}")).Set(bad: 3, alerts: ["GenClusterHeartbeatStarved"]),
        Lines(
            "Messages that went nowhere, in a second", "cps",
            "Stale ones carry the epoch of a lease that is over: expected after failovers, and harmless. Refused ones are forged, malformed or of another release.",
            new Query($"sum({Rate("gencluster_stale_epoch_rejected_total")})", "stale"),
            new Query($"sum({Rate("gencluster_wire_messages_refused_total")})", "refused"),
            new Query($"sum({Rate("gencluster_dead_letters_total")})", "dead letters")).Set(width: 12, alerts: ["GenClusterMessagesRefused"]),
        Lines(
            "Free disk", "bytes", "Where processes write: the SQLite journal of a coordinator, the runs of a worker.",
            new Query($"min by (instance, place) ({In("gencluster_disk_free_bytes")})", "{{place}} {{instance}}")).Set(width: 12, min: 0, warn: 10.0 * (1 << 30), bad: 1 << 30, lowIsBad: true, alerts: ["GenClusterDiskWillFill", "GenClusterDiskAlmostFull"]));
}
