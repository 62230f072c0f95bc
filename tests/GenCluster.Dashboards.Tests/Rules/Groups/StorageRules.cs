using static GenCluster.Dashboards.Tests.Rules.Groups.Phrases;

namespace GenCluster.Dashboards.Tests.Rules.Groups;

/// <summary>What was decided and trained is kept.</summary>
internal static class StorageRules
{
    /// <summary>When a trial was begun, or resumed: a gang may have got new members since, and another leader.</summary>
    private const string Began = "min by (namespace, sweep, trial) (gencluster_run_started_timestamp_seconds)";

    public static RuleGroup Group { get; } = new(
        "storage", "What was decided and trained is kept.",
        new Alert(
            "GenClusterJournalErrors", Severity.Critical, "5m",
            """sum by (namespace, op) (increase(gencluster_journal_failures_total{op!="replay_filter"}[5m])) > 0""",
            "The journal cannot be used" + Here,
            $"Failures of {{{{ $labels.op }}}} in five minutes: {Count}. Nothing is decided meanwhile; workers keep what they report."),
        new Alert(
            "GenClusterReplayFilterFailure", Severity.Critical, "0m",
            $$"""
            sum by (namespace) ({{Rise("""gencluster_journal_failures_total{op="replay_filter"}""", "1h")}}) > 0
            """,
            $"Two coordinators have written one journal{Here}",
            $"Times that events of two writers were found: {Count}. The sweep or trial in question does not start, so that nothing is decided on what is wrong."),
        new Alert(
            "GenClusterJournalSlow", Severity.Warning, "10m",
            "histogram_quantile(0.99, sum by (namespace, le) (rate(gencluster_journal_persist_seconds_bucket[5m]))) > 1",
            $"Writing to the journal is slow{Here}",
            $"One write in a hundred takes longer than {Span}. Every decision waits for it."),
        new Alert(
            "GenClusterUnackedResultsGrowing", Severity.Warning, "10m",
            """
            max by (namespace, instance) (
              delta(gencluster_outbox_unacked_results[15m]) > 0 and min_over_time(gencluster_outbox_unacked_results[15m]) > 0
            )
            """,
            "{{ $labels.instance }} reports and is not heard" + Here,
            $"Since a quarter of an hour ago so many more wait for an acknowledgement: {Count}. They are lost only if the worker is lost, too."),
        new Alert(
            "GenClusterCheckpointOld", Severity.Warning, "5m",
            $"""
            (
              time() - (
                max by (namespace, sweep, trial) (max_over_time(gencluster_checkpoint_last_success_timestamp_seconds[1d])) > {Began}
                  or {Began}
              )
              > 3 * max by (namespace, sweep, trial) (gencluster_checkpoint_interval_steps)
                / max by (namespace, sweep, trial) (rate(gencluster_steps_total[15m]) * on (namespace, instance) group_left (sweep, trial) {WorkerTrial})
            ) > 300
            """,
            $"The last checkpoint is old: {Trial}{Here}",
            $"It is {Span} old, more than three intervals. If all workers of the trial are lost, that much is trained again."),
        new Alert(
            "GenClusterCheckpointFailing", Severity.Warning, "0m",
            $$"""
            sum by (namespace, reason) ({{Rise("gencluster_checkpoint_failures_total", "15m")}}) > 0
            """,
            "Checkpoints fail" + Here,
            $"Failed in the last quarter of an hour, because of {{{{ $labels.reason }}}}: {Count}."),
        new Alert(
            "GenClusterBlobCorrupt", Severity.Critical, "0m",
            $$"""
            sum by (namespace) ({{Rise("gencluster_blob_corrupt_total", "1h")}}) > 0
            """,
            $"Stored blobs are damaged{Here}",
            $"Blobs that do not hold what was stored, in the last hour: {Count}. The checkpoint before is used; whatever damages them may damage that, too."));
}
