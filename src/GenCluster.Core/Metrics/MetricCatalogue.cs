namespace GenCluster.Core.Metrics;

/// <summary>
/// Every metric that GenCluster serves. Names and labels are what dashboards and alerts of others rest on: they stay, and
/// more may come.
/// </summary>
/// <remarks>
/// A series costs Prometheus memory for as long as it is served. So hyperparameters and workers are never labels (the
/// scrape's own <c>instance</c> tells workers apart), trials and sweeps only on gauges, while they live, and only so many
/// (<see cref="MaxTrials"/>, <see cref="MaxSweeps"/>).
/// </remarks>
public static partial class MetricCatalogue
{
    /// <summary>What all names begin with.</summary>
    public const string Prefix = "gencluster_";

    /// <summary>So many trials have series of their own at a time.</summary>
    public const int MaxTrials = 500;

    /// <summary>So many sweeps have series of their own at a time.</summary>
    public const int MaxSweeps = 100;

    public static readonly MetricDefinition BuildInfo = Gauge(
        "build_info", "information", Both, "The release that runs: always 1, with the version and the commit as labels", MetricLabel.Version, MetricLabel.Commit);

    public static readonly MetricDefinition StaleEpochRejected = Counter(
        "stale_epoch_rejected", "messages", Both, "Messages refused because they carry the epoch of a lease or of a coordinator that is over");

    public static readonly MetricDefinition WireMessagesRefused = Counter(
        "wire_messages_refused", "messages", Both, "Messages of other processes that no actor saw, because they are forged, malformed or too large");

    public static readonly MetricDefinition DeadLetters = Counter("dead_letters", "messages", Both, "Messages to actors that are no more");

    public static readonly MetricDefinition DiskFree = Optional(Gauge(
        "disk_free_bytes", "bytes", Both, "Free space where the process writes: the SQLite journal of a coordinator, or the runs of a worker",
        MetricLabel.Closed("place", "journal", "runs")));

    public static readonly MetricDefinition TlsHandshakesRefused = Counter(
        "tls_handshakes_refused", "handshakes", Both, "TLS handshakes that failed, by the port they were made at and why",
        MetricLabel.Closed<TlsPlane>("plane"), MetricLabel.Closed<TlsRefusal>("reason"));

    public static readonly MetricDefinition CertificateNotAfter = Optional(Gauge(
        "certificate_not_after_timestamp_seconds", "seconds since 1970", Both, "When the certificate in use ends to be valid, where there is one",
        MetricLabel.Closed<TlsPlane>("plane")));

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<MetricDefinition> All => Index.All;

    private static MetricProcess Both => MetricProcess.Coordinator | MetricProcess.Worker;

    /// <summary>All that a process serves.</summary>
    public static IEnumerable<MetricDefinition> Of(MetricProcess process) => All.Where(metric => metric.Processes.HasFlag(process));

    private static MetricDefinition Counter(string name, string unit, MetricProcess processes, string help, params MetricLabel[] labels) =>
        new($"{Prefix}{name}_total", MetricKind.Counter, unit, processes, help, labels);

    private static MetricDefinition Gauge(string name, string unit, MetricProcess processes, string help, params MetricLabel[] labels) =>
        new(Prefix + name, MetricKind.Gauge, unit, processes, help, labels);

    private static MetricDefinition Optional(MetricDefinition metric) => metric with { IsOptional = true };

    private static MetricDefinition Histogram(string name, string unit, double[] buckets, MetricProcess processes, string help, params MetricLabel[] labels) =>
        new(Prefix + name, MetricKind.Histogram, unit, processes, help, labels) { Buckets = buckets };

    /// <summary>Apart, so that it is made when all the others are.</summary>
    private static class Index
    {
        public static readonly IReadOnlyList<MetricDefinition> All =
        [
            .. typeof(MetricCatalogue).GetFields()
                .Where(field => field.FieldType == typeof(MetricDefinition))
                .Select(field => (MetricDefinition)field.GetValue(null)!)
                .OrderBy(metric => metric.Name, StringComparer.Ordinal),
        ];
    }
}
