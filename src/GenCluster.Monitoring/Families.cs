using GenCluster.Core.Metrics;
using Prometheus;

namespace GenCluster.Monitoring;

/// <summary>A metric of the library's, with all its series.</summary>
internal interface IFamily
{
    IMetricSeries Series(string[] labels);

    void Remove(string[] labels);
}

internal sealed class CounterFamily(Counter metric) : IFamily
{
    public IMetricSeries Series(string[] labels) => new One(metric.WithLabels(labels));

    public void Remove(string[] labels) => metric.RemoveLabelled(labels);

    private sealed class One : IMetricSeries
    {
        private readonly Counter.Child series;

        public One(Counter.Child series)
        {
            this.series = series;
            series.Publish();
        }

        public void Record(double value) => series.Inc(value);

        public void RaiseTo(double value) => series.IncTo(value);
    }
}

internal sealed class GaugeFamily(Gauge metric) : IFamily
{
    public IMetricSeries Series(string[] labels) => new One(metric.WithLabels(labels));

    public void Remove(string[] labels) => metric.RemoveLabelled(labels);

    private sealed class One : IMetricSeries
    {
        private readonly Gauge.Child series;

        public One(Gauge.Child series)
        {
            this.series = series;
            series.Publish();
        }

        public void Record(double value) => series.Set(value);

        public void RaiseTo(double value) => series.IncTo(value);
    }
}

internal sealed class HistogramFamily(Histogram metric) : IFamily
{
    public IMetricSeries Series(string[] labels) => new One(metric.WithLabels(labels));

    public void Remove(string[] labels) => metric.RemoveLabelled(labels);

    private sealed class One : IMetricSeries
    {
        private readonly Histogram.Child series;

        public One(Histogram.Child series)
        {
            this.series = series;
            series.Publish();
        }

        public void Record(double value) => series.Observe(value);

        public void RaiseTo(double value) => throw new NotSupportedException("a histogram counts values and cannot be raised; record them");
    }
}
