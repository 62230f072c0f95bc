using GenCluster.Core.Metrics;
using GenCluster.Dashboards.Tests.Rules;

namespace GenCluster.Dashboards.Tests.Queries;

/// <summary>Every series that an expression may name, with its labels: ours, those that our rules record, Prometheus's own, and DCGM's.</summary>
internal static class Vocabulary
{
    /// <summary>What a scrape adds. On Kubernetes a namespace and a pod, too.</summary>
    public static readonly string[] OfScrapes = ["job", "instance", "namespace", "pod"];

    /// <summary>What dcgm-exporter puts on every series.</summary>
    private static readonly string[] OfDcgm = ["gpu", "UUID", "pci_bus_id", "device", "modelName", "Hostname", "container"];

    private static readonly Dictionary<string, IReadOnlySet<string>> Series = Ours().Concat(Recorded()).Concat(Dcgm())
        .Append(("up", OfScrapes.ToHashSet()))
        .ToDictionary(series => series.Item1, series => (IReadOnlySet<string>)series.Item2);

    /// <returns>The labels of a series; null: there is no such series.</returns>
    public static IReadOnlySet<string>? LabelsOf(string series) => Series.GetValueOrDefault(series);

    public static IEnumerable<string> All => Series.Keys;

    private static IEnumerable<(string, HashSet<string>)> Ours()
    {
        foreach (var metric in MetricCatalogue.All)
        {
            HashSet<string> labels = [.. OfScrapes, .. metric.Labels.Select(label => label.Name)];
            if (metric.Kind is not MetricKind.Histogram)
            {
                yield return (metric.Name, labels);
                continue;
            }

            yield return (metric.Name + "_sum", labels);
            yield return (metric.Name + "_count", labels);
            yield return (metric.Name + "_bucket", [.. labels, "le"]);
        }
    }

    private static IEnumerable<(string, HashSet<string>)> Recorded() =>
        RuleCatalogue.Recordings.Select(rule => (rule.Series, PromQl.Read(rule.Expression).Groupings.ToHashSet()));

    private static IEnumerable<(string, HashSet<string>)> Dcgm() => DcgmSample.Metrics.Select(metric => (metric, (HashSet<string>)[.. OfScrapes, .. OfDcgm]));
}
