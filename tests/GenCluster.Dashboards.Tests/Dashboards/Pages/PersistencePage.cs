using static GenCluster.Dashboards.Tests.Dashboards.Pages.Select;

namespace GenCluster.Dashboards.Tests.Dashboards.Pages;

/// <summary>Is everything written down, and does the API answer?</summary>
internal static class PersistencePage
{
    private const string Answers = "route!~\".*/events\"";

    public static Dashboard Page { get; } = new(
        "persistence", "Persistence and API", "The journal, checkpoints, disks, the HTTP API, and who was turned away.", [Namespace], [Journal, Checkpoints, Api, Security]);

    private static Row Journal => new(
        "Journal",
        Lines(
            "How long writing takes", "s", "From a decision until its events are in the journal. Nothing is acknowledged before. Above a second, the database is what everything waits for.",
            HalfAndMost("gencluster_journal_persist_seconds")).Set(logarithmic: true, bad: 1, alerts: ["GenClusterJournalSlow"]),
        Lines(
            "Writes in a second", "none", "Decisions that were written down.",
            new Query($"sum({Rate("gencluster_journal_persist_seconds_count")})", "writes")).Set(min: 0),
        Stack(
            "Failures in an hour", "none", "write and read: the database is away, and the coordinator begins again when it is back. replay_filter: two have written one journal.",
            new Query($"sum by (op) (increase({In("gencluster_journal_failures_total")}[1h]))", "{{op}}")).Set(alerts: ["GenClusterJournalErrors", "GenClusterReplayFilterFailure"]),
        Lines(
            "Not yet acknowledged, by worker", "none", "What workers keep and say again until the coordinator has written it down. Rises while there is no coordinator, and falls afterwards.",
            new Query($"max by (instance) ({In("gencluster_outbox_unacked_results")})", "{{instance}}")).Set(min: 0, width: 12, alerts: ["GenClusterUnackedResultsGrowing"]),
        Lines(
            "How long reading the journal takes at a start", "s", "The mean since the nodes began. It grows with the number of events since the last snapshot.",
            new Query(
                $"sum by (actor) ({In("gencluster_recovery_seconds_sum")}) / (sum by (actor) ({In("gencluster_recovery_seconds_count")}) > 0)", "{{actor}}")).Set(width: 12, min: 0));

    private static Row Checkpoints => new(
        "Checkpoints and disks",
        Lines(
            "How long checkpoints take", "s", "store: writing blobs. commit: until the manifest is in the journal. load: reading one back.",
            HalfAndMost("gencluster_checkpoint_seconds", 0.95, "phase")).Set(logarithmic: true),
        Stack(
            "Checkpoints that failed, in an hour", "none", "storage: the store cannot be written or read. corrupt: what is there is not what was stored.",
            new Query($"sum by (reason) (increase({In("gencluster_checkpoint_failures_total")}[1h]))", "{{reason}}")).Set(alerts: ["GenClusterCheckpointFailing"]),
        Stack(
            "Written in a second", "Bps", "Bytes of checkpoints, of all workers.",
            new Query($"sum({Rate("gencluster_checkpoint_bytes_sum")})", "bytes")),
        Number(
            "Damaged blobs", "none", "Since the workers started. Any at all: a disk, a bucket or a hand has changed what was stored.",
            new Query($"sum({In("gencluster_blob_corrupt_total")})", "damaged")).Set(width: 8, height: 8, bad: 1, alerts: ["GenClusterBlobCorrupt"]),
        Lines(
            "Free disk", "bytes", "Where processes write: the SQLite journal of a coordinator, the runs of a worker.",
            new Query($"min by (instance, place) ({In("gencluster_disk_free_bytes")})", "{{place}} {{instance}}")).Set(min: 0, width: 16, alerts: ["GenClusterDiskWillFill", "GenClusterDiskAlmostFull"]));

    private static Row Api => new(
        "HTTP API",
        Stack(
            "Requests in a second, by route", "reqps", "By the template of the path.",
            new Query($"sum by (method, route) ({Rate("gencluster_http_request_seconds_count")})", "{{method}} {{route}}")),
        Stack(
            "Requests in a second, by answer", "reqps", "4xx: askers ask wrongly. 5xx: we could not answer; a few of them during a failover are normal.",
            new Query($"sum by (status) ({Rate("gencluster_http_request_seconds_count")})", "{{status}}")).Set(alerts: ["GenClusterApiErrors"]),
        Lines(
            "How long answers take", "s", "Without those that follow a sweep, which take as long as one follows it.",
            HalfAndMost("gencluster_http_request_seconds", 0.99, "route", Answers)).Set(logarithmic: true, bad: 2, alerts: ["GenClusterApiSlow"]),
        Lines(
            "Being answered", "none", "Requests that are in work now, followers of sweeps included.",
            new Query($"sum by (instance) ({In("gencluster_http_requests_in_flight")})", "{{instance}}")).Set(min: 0),
        Stack(
            "Told to come later, in an hour", "none", "sender: one asks too much. all: all together do. failures: too many wrong credentials from one address.",
            new Query($"sum by (scope) (increase({In("gencluster_rate_limited_total")}[1h]))", "{{scope}}")).Set(width: 16));

    private static Row Security => new(
        "Who was turned away",
        Stack(
            "Requests without rights, in an hour", "none", "missing and expired are mostly forgotten tokens. unknown in numbers: somebody tries. unavailable: we cannot ask who it is.",
            new Query($"sum by (reason) (increase({In("gencluster_auth_failures_total")}[1h]))", "{{reason}}")).Set(alerts: ["GenClusterAuthFailuresHigh", "GenClusterAuthUnavailable"]),
        Stack(
            "TLS handshakes refused, in an hour", "none", "By port and why. A worker with a certificate of another authority tries again and again.",
            new Query($"sum by (plane, reason) (increase({In("gencluster_tls_handshakes_refused_total")}[1h]))", "{{plane}} {{reason}}")).Set(alerts: ["GenClusterTlsRefused"]),
        Lines(
            "Certificates: time left", "s", "Until the certificate in use ends to be valid. Empty where no TLS is set up.",
            new Query($"min by (instance, plane) ({In("gencluster_certificate_not_after_timestamp_seconds")}) - time()", "{{plane}} {{instance}}")).Set(warn: 14 * 86400, bad: 2 * 86400, lowIsBad: true, alerts: ["GenClusterCertExpiring"]));
}
