namespace GenCluster.Core.Metrics;

/// <summary>Where a process's numbers go. Safe to use from any thread.</summary>
public interface IMetricRecorder
{
    /// <summary>A recorder that keeps nothing: for processes that serve no metrics.</summary>
    static IMetricRecorder None { get; } = new NoMetrics();

    /// <summary>The series of a metric with these values of its labels, in their order. Ask once and keep it where numbers come often.</summary>
    /// <exception cref="ArgumentException">The process does not serve this metric, or a value is none that the label may have.</exception>
    IMetricSeries Series(MetricDefinition metric, params ReadOnlySpan<string> labels);

    /// <summary>Removes all series of a sweep, those of its trials included.</summary>
    void Forget(string sweep);

    /// <summary>Removes all series of a trial.</summary>
    void Forget(string sweep, int trial);

    /// <summary>Calls before all metrics are read: for numbers that somebody else keeps. It must neither wait nor fail.</summary>
    void BeforeReading(Action read);
}

/// <summary>One series of a metric. Recording allocates nothing, waits for nobody, and may be done by any thread.</summary>
public interface IMetricSeries
{
    /// <summary>A counter rises by the value, a gauge becomes it, a histogram counts it.</summary>
    void Record(double value = 1);

    /// <summary>Makes a counter, whose number somebody else keeps, as high as that; it never falls.</summary>
    void RaiseTo(double value);
}

/// <inheritdoc cref="IMetricRecorder.None"/>
internal sealed class NoMetrics : IMetricRecorder, IMetricSeries
{
    public IMetricSeries Series(MetricDefinition metric, params ReadOnlySpan<string> labels) => this;

    public void Forget(string sweep)
    {
    }

    public void Forget(string sweep, int trial)
    {
    }

    public void BeforeReading(Action read)
    {
    }

    public void Record(double value)
    {
    }

    public void RaiseTo(double value)
    {
    }
}
