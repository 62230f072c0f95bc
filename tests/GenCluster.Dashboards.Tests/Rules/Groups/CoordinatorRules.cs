using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>Somebody rules, and keeps up.</summary>
internal static class CoordinatorRules
{
    public static RuleGroup Group { get; } = new(
        "coordinator", "Somebody rules, and keeps up with what there is to decide.",
        new Alert(
            "GenClusterNoLeader", Severity.Critical, "2m",
            """
            sum by (namespace) (gencluster_leader) != 1
              or absent(gencluster_leader) - 1
            """,
            $"Not exactly one coordinator rules{Here}",
            "Nodes that say that they rule: {{ $value }}. With none, nothing is decided and no trial begins; workers train on and keep what they report."),
        new Alert(
            "GenClusterCoordinatorFlapping", Severity.Warning, "0m",
            """
            max by (namespace) (max_over_time(gencluster_coordinator_epoch[1h]))
              - min by (namespace) (min_over_time((gencluster_coordinator_epoch > 0)[1h:1m])) > 3
            """,
            $"The coordinator changes its node again and again{Here}",
            "Times that one took office in the last hour, after the first: {{ $value }}. Each time nothing is decided for some seconds."),
        new Alert(
            "GenClusterUnreachableMembers", Severity.Warning, "5m",
            "max by (namespace, instance) (gencluster_unreachable_members) > 0",
            "{{ $labels.instance }} cannot reach other coordinator nodes" + Here,
            "Nodes that have been out of its reach for five minutes: {{ $value }}. Until they are back, no further node may fail."),
        new Alert(
            "GenClusterCoordinatorBusy", Severity.Warning, "10m",
            "max by (namespace, instance) (gencluster_mailbox_messages) > 1000",
            $"The coordinator does not keep up with its messages{Here}",
            $"Messages that wait for it on {{{{ $labels.instance }}}}: {Count}. Workers may lose their leases because their heartbeats are looked at too late."),
        new Alert(
            "GenClusterDecisionsSlow", Severity.Warning, "10m",
            """
            histogram_quantile(0.99, sum by (namespace, decision, le) (rate(gencluster_scheduler_decision_seconds_bucket[10m]))) > 1
            """,
            "Decisions of kind {{ $labels.decision }} are slow" + Here,
            $"One in a hundred takes longer than {Span}. Everything else that the coordinator has to do waits meanwhile."),
        new Alert(
            "GenClusterMessagesRefused", Severity.Warning, "5m",
            """
            sum by (namespace) (increase(gencluster_wire_messages_refused_total[15m]))
              + sum by (namespace) (increase(gencluster_frames_rejected_total{reason!~"stale_epoch|not_expected|too_slow"}[15m])) > 10
            """,
            $"Messages of other processes are refused{Here}",
            $"Refused in the last quarter of an hour: {Count}. They are malformed, forged, or of another release."),
        new Alert(
            "GenClusterSweepHalted", Severity.Critical, "5m",
            """sum by (namespace) (gencluster_sweeps{state="halted"}) > 0""",
            $"A sweep stands still until somebody acts{Here}",
            "Halted sweeps: {{ $value }}. Something around them has to be put right first; gencluster ls names them, gencluster show says why."),
        new Alert(
            "GenClusterTrialFailureRateHigh", Severity.Warning, "0m",
            """
            sum by (namespace) (increase(gencluster_trials_finished_total{outcome="failed"}[1h]))
              / sum by (namespace) (increase(gencluster_trials_finished_total[1h])) > 0.3
              and sum by (namespace) (increase(gencluster_trials_finished_total[1h])) >= 3
            """,
            $"Many trials fail{Here}",
            $"{Share} of the trials that ended in the last hour failed."));
}
