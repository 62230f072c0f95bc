using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>Trials move, and no member holds up the others.</summary>
internal static class TrainingRules
{
    private const string Stalled = "time() - max by (namespace, sweep, trial) (gencluster_last_progress_timestamp_seconds)";
    private const string Shard = "avg_over_time(gencluster_shard_seconds[5m])";

    public static RuleGroup Group { get; } = new(
        "training", "Trials move, and no member of a gang holds up the others.",
        new Recording(WorkerTrial, "group by (namespace, instance, sweep, trial) (gencluster_run_step)"),
        new Recording(
            UsualStep,
            $"""
            sum by (namespace, sweep, trial) (rate(gencluster_step_seconds_sum[1h]) * on (namespace, instance) group_left (sweep, trial) {WorkerTrial})
              / (sum by (namespace, sweep, trial) (rate(gencluster_steps_total[1h]) * on (namespace, instance) group_left (sweep, trial) {WorkerTrial}) > 0)
            """),
        new Recording(
            WaitShare,
            $"""
            sum by (namespace, sweep, trial) (rate(gencluster_allreduce_wait_seconds_sum[5m]) * on (namespace, instance) group_left (sweep, trial) {WorkerTrial})
              / (sum by (namespace, sweep, trial) (rate(gencluster_step_seconds_sum[5m]) * on (namespace, instance) group_left (sweep, trial) {WorkerTrial}) > 0)
            """),
        new Alert(
            "GenClusterTrialStalled", Severity.Critical, "1m",
            $"""
            ({Stalled} > 10 * {UsualStep}) > 300
              or ({Stalled}) > 900
            """,
            $"No step any more: {Trial}{Here}",
            $"The last step was finished {Span} ago. The workers of the trial are taken, and nothing comes of them."),
        new Alert(
            "GenClusterStraggler", Severity.Warning, "10m",
            $"""
            {Shard} / on (namespace, sweep, trial) group_left () quantile by (namespace, sweep, trial) (0.5, {Shard}) > 1.5
              or {Shard} / on (namespace, sweep, trial) group_left () (min by (namespace, sweep, trial) ({Shard}) and count by (namespace, sweep, trial) ({Shard}) == 2) > 1.5
            """,
            $"{{{{ $labels.instance }}}} is slower than the others: {Trial}{Here}",
            $"It takes {Number} times as long for a shard as the median member, or the other one of two. The whole gang waits for it in every step."),
        new Alert(
            "GenClusterStragglerSelf", Severity.Warning, "10m",
            $"{Shard} / quantile_over_time(0.05, gencluster_shard_seconds[1d]) > 1.5",
            $"{{{{ $labels.instance }}}} has become slow: {Trial}{Here}",
            $"It takes {Number} times as long for a shard as it did at its best in the last day."),
        new Alert(
            "GenClusterAllReduceSlow", Severity.Warning, "15m",
            $"{WaitShare} > 0.4",
            $"Much waiting within the gang: {Trial}{Here}",
            $"{Share} of the members' time is spent waiting for the slowest one."),
        new Alert(
            "GenClusterAllReduceHung", Severity.Critical, "1m",
            "max by (namespace, instance) (gencluster_allreduce_in_flight_seconds) > 60",
            "A sum of gradients hangs on {{ $labels.instance }}" + Here,
            $"Members have waited for it for {Span}. Usually that takes milliseconds."),
        new Alert(
            "GenClusterRetriesBurning", Severity.Warning, "0m",
            "max by (namespace, sweep, trial) (gencluster_trial_restarts) / max by (namespace, sweep, trial) (gencluster_trial_restarts_allowed) > 0.5",
            $"More than half of the restarts are used up: {Trial}{Here}",
            $"{Share} of what budget.maxRestarts allows. When all are used up, the trial fails. gencluster show SWEEP --trial N has the causes."));
}
