using GenCluster.Core.Metrics;
using Prometheus;

namespace GenCluster.Monitoring;

/// <summary>
/// The metrics of one process, as Prometheus reads them: all that the catalogue says it serves, and nothing else. Those whose
/// series are known begin at 0, so that a rate sees the first event.
/// </summary>
public sealed class PrometheusRecorder : IMetricRecorder
{
    private readonly CollectorRegistry registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Dictionary<MetricDefinition, IFamily> families = [];
    private readonly LiveSeries live = new();

    public PrometheusRecorder(MetricProcess process)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        foreach (var metric in MetricCatalogue.Of(process))
            families[metric] = Family(factory, metric);
        foreach (var metric in families.Keys.Where(metric => metric.BeginsAtZero))
        {
            foreach (string[] labels in Combinations(metric.Labels))
                families[metric].Series(labels);
        }
    }

    public IMetricSeries Series(MetricDefinition metric, params ReadOnlySpan<string> labels)
    {
        if (!families.TryGetValue(metric, out var family))
            throw new ArgumentException($"this process does not serve {metric.Name}; its catalogue says who does");
        Check(metric, labels);
        string[] values = labels.ToArray();
        return metric.Of is { } thing ? live.Series(thing, family, values) : family.Series(values);
    }

    public void Forget(string sweep) => live.Forget(sweep);

    public void Forget(string sweep, int trial) => live.Forget(sweep, $"{trial}");

    public void BeforeReading(Action read) => registry.AddBeforeCollectCallback(read);

    /// <summary>Writes all metrics in the text format of Prometheus.</summary>
    public Task WriteAsync(Stream stream, CancellationToken cancellation) => registry.CollectAndExportAsTextAsync(stream, cancellation);

    private static void Check(MetricDefinition metric, ReadOnlySpan<string> labels)
    {
        if (labels.Length != metric.Labels.Count)
            throw new ArgumentException($"{metric.Name} has {metric.Labels.Count} labels, and {labels.Length} values were given");
        for (int i = 0; i < labels.Length; i++)
        {
            if (metric.Labels[i].Values is { } allowed && !allowed.Contains(labels[i]))
                throw new ArgumentException($"{metric.Name}: label {metric.Labels[i].Name} is one of {string.Join(", ", allowed)}, not '{labels[i]}'");
        }
    }

    private static IFamily Family(MetricFactory factory, MetricDefinition metric)
    {
        string[] labels = [.. metric.Labels.Select(label => label.Name)];
        return metric.Kind switch
        {
            MetricKind.Counter => new CounterFamily(factory.CreateCounter(metric.Name, metric.Help, labels, Configuration<CounterConfiguration>())),
            MetricKind.Gauge => new GaugeFamily(factory.CreateGauge(metric.Name, metric.Help, labels, Configuration<GaugeConfiguration>())),
            MetricKind.Histogram => new HistogramFamily(factory.CreateHistogram(
                metric.Name, metric.Help, labels, new HistogramConfiguration { Buckets = [.. metric.Buckets], SuppressInitialValue = true, ExemplarBehavior = ExemplarBehavior.NoExemplars() })),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric.Kind, "not a known kind"),
        };
    }

    private static T Configuration<T>()
        where T : MetricConfiguration, new() => new() { SuppressInitialValue = true };

    /// <summary>All values that closed labels can have together.</summary>
    private static IEnumerable<string[]> Combinations(IReadOnlyList<MetricLabel> labels) => labels.Aggregate(
        (IEnumerable<string[]>)[[]], (all, label) => all.SelectMany(some => label.Values!.Select(value => (string[])[.. some, value])));
}
