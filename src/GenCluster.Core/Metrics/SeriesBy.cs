namespace GenCluster.Core.Metrics;

/// <summary>The series of a metric with one label, whose values are an enumeration's.</summary>
public sealed class SeriesBy<T>
    where T : struct, Enum
{
    private readonly Dictionary<T, IMetricSeries> series;

    /// <param name="after">Values of labels that come before this one.</param>
    public SeriesBy(IMetricRecorder recorder, MetricDefinition metric, params string[] after) =>
        series = Enum.GetValues<T>().ToDictionary(value => value, value => recorder.Series(metric, [.. after, MetricLabel.ValueOf(value)]));

    public IMetricSeries this[T value] => series[value];

    /// <summary>Records for every value how many there are; none where there are none.</summary>
    public void RecordCounts(IReadOnlyDictionary<T, int> counts)
    {
        foreach (var (value, one) in series)
            one.Record(counts.GetValueOrDefault(value));
    }
}
