using System.Globalization;
using GenCluster.Core.Metrics;

namespace GenCluster.Actors.Tests.Support;

/// <summary>Keeps what is recorded: a counter's sum, a gauge's last value, how often a histogram was given one.</summary>
internal sealed class RecordedMetrics : IMetricRecorder
{
    private readonly Dictionary<string, double> values = [];
    private readonly List<Action> reads = [];

    /// <summary>The value of a series, <c>steps_total</c> or <c>workers{free}</c>; 0 when there is none.</summary>
    public double this[string series] => All.GetValueOrDefault(series);

    /// <summary>All series by name and values of labels, without the prefix.</summary>
    public IReadOnlyDictionary<string, double> All
    {
        get
        {
            reads.ForEach(read => read());
            lock (values)
                return new Dictionary<string, double>(values);
        }
    }

    public IMetricSeries Series(MetricDefinition metric, params ReadOnlySpan<string> labels)
    {
        labels.Length.ShouldBe(metric.Labels.Count, metric.Name);
        for (int i = 0; i < labels.Length; i++)
            (metric.Labels[i].Values ?? [labels[i]]).ShouldContain(labels[i], metric.Name);
        string name = metric.Name[MetricCatalogue.Prefix.Length..];
        return new One(this, metric.Kind, labels.Length == 0 ? name : $"{name}{{{string.Join(',', labels.ToArray())}}}");
    }

    public void Forget(string sweep) => Remove($"{{{sweep},", $"{{{sweep}}}");

    public void Forget(string sweep, int trial) => Remove(string.Create(CultureInfo.InvariantCulture, $"{{{sweep},{trial}}}"), string.Create(CultureInfo.InvariantCulture, $"{{{sweep},{trial},"));

    public void BeforeReading(Action read) => reads.Add(read);

    private void Remove(params string[] parts)
    {
        lock (values)
        {
            foreach (string key in values.Keys.Where(key => parts.Any(part => key.Contains(part, StringComparison.Ordinal))).ToArray())
                values.Remove(key);
        }
    }

    private sealed class One(RecordedMetrics all, MetricKind kind, string name) : IMetricSeries
    {
        public void Record(double value)
        {
            lock (all.values)
                all.values[name] = kind is MetricKind.Gauge ? value : all.values.GetValueOrDefault(name) + (kind is MetricKind.Counter ? value : 1);
        }

        public void RaiseTo(double value)
        {
            lock (all.values)
                all.values[name] = Math.Max(all.values.GetValueOrDefault(name), value);
        }
    }
}
