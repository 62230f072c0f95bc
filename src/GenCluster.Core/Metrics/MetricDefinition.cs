namespace GenCluster.Core.Metrics;

/// <summary>How a metric's values are to be read.</summary>
public enum MetricKind
{
    /// <summary>Only rises, and begins at 0 with its process. Its name ends in <c>_total</c>.</summary>
    Counter,

    /// <summary>A value of now.</summary>
    Gauge,

    /// <summary>How often which values occurred, by buckets.</summary>
    Histogram,
}

/// <summary>The processes that serve metrics.</summary>
[Flags]
public enum MetricProcess
{
    None = 0,

    /// <summary>A node that may host the coordinator: <c>gencluster serve</c>, <c>gencluster run</c>.</summary>
    Coordinator = 1,

    /// <summary><c>gencluster-worker</c></summary>
    Worker = 2,
}

/// <summary>A metric that GenCluster serves to Prometheus.</summary>
/// <param name="Name">All of it, as it is served: <c>gencluster_steps_total</c>.</param>
/// <param name="Unit">What its value counts in: <c>seconds</c>, <c>bytes</c>, a plain noun.</param>
/// <param name="Processes">Who serves it; nobody else does.</param>
/// <param name="Help">One sentence for people, without a full stop.</param>
/// <param name="Labels">In their order.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, MetricProcess Processes, string Help, params IReadOnlyList<MetricLabel> Labels)
{
    /// <summary>Upper bounds of a histogram's buckets, rising; the one without a bound is not among them. Empty for other kinds.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>Whether its series belong to things that come and go, and are removed with them; null: they stay.</summary>
    public LiveThing? Of => Labels.Contains(MetricLabel.Trial) ? LiveThing.Trial : Labels.Contains(MetricLabel.Sweep) ? LiveThing.Sweep : null;

    /// <summary>Whether there are processes that have no such value: it is served once there is one.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether all its series are known beforehand, and served from the start, beginning at 0.</summary>
    public bool BeginsAtZero => !IsOptional && Labels.All(label => label.Values is not null);
}
