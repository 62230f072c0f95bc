using System.Globalization;
using System.Text;
using GenCluster.Core.Metrics;

namespace GenCluster.Monitoring;

/// <summary>The catalogue as tables for the documentation.</summary>
public static class MetricTables
{
    private static readonly (MetricProcess Process, string Title)[] Sections =
    [
        (MetricProcess.Coordinator | MetricProcess.Worker, "Both"),
        (MetricProcess.Coordinator, "Coordinator nodes"),
        (MetricProcess.Worker, "Workers"),
    ];

    public static string Text()
    {
        var text = new StringBuilder();
        foreach (var (processes, title) in Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| metric | kind | labels | what |\n| --- | --- | --- | --- |\n");
            foreach (var metric in MetricCatalogue.All.Where(metric => metric.Processes == processes))
                text.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {Kind(metric)} | {Labels(metric)} | {metric.Help}. Unit: {metric.Unit} |\n");
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Kind(MetricDefinition metric) => metric.Kind is MetricKind.Histogram
        ? string.Create(CultureInfo.InvariantCulture, $"histogram, {metric.Buckets.Count} buckets from {metric.Buckets[0]} to {metric.Buckets[^1]}")
        : metric.Kind is MetricKind.Counter ? "counter" : "gauge";

    private static string Labels(MetricDefinition metric) => string.Join("; ", metric.Labels.Select(label =>
        label.Values is { } values ? $"`{label.Name}`: {string.Join(", ", values)}" : $"`{label.Name}`"));
}
