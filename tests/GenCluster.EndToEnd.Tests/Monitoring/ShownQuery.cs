using System.Text.Json.Nodes;
using GenCluster.Dashboards.Tests;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>A query of a dashboard, as Grafana would ask it with "All" picked everywhere.</summary>
/// <param name="Place">The dashboard and the panel.</param>
internal sealed record ShownQuery(string Place, string Expression)
{
    /// <summary>Of all files in <c>deploy/grafana/dashboards</c>: panels, and what fills the choices at the top.</summary>
    /// <param name="rateInterval">What Grafana puts for <c>$__rate_interval</c>: four scrapes.</param>
    public static IReadOnlyList<ShownQuery> Read(string rateInterval) =>
        [.. Directory.EnumerateFiles(Deployed.PathOf("deploy/grafana/dashboards"), "*.json").Order(StringComparer.Ordinal).SelectMany(file => ReadOne(file, rateInterval))];

    private static IEnumerable<ShownQuery> ReadOne(string file, string rateInterval)
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(file))!;
        string name = Path.GetFileNameWithoutExtension(file);
        foreach (var panel in dashboard["panels"]!.AsArray())
            foreach (var target in panel!["targets"]?.AsArray() ?? [])
                yield return new ShownQuery($"{name}: {panel["title"]}", Filled((string)target!["expr"]!, rateInterval));
        foreach (var variable in dashboard["templating"]!["list"]!.AsArray().Where(variable => (string)variable!["type"]! == "query"))
            yield return new ShownQuery($"{name}: ${variable!["name"]}", Filled(SeriesOf((string)variable["definition"]!), rateInterval));
    }

    /// <summary>Of <c>label_values(series, label)</c>.</summary>
    private static string SeriesOf(string definition) => definition["label_values(".Length..definition.LastIndexOf(',')];

    private static string Filled(string expression, string rateInterval) => expression
        .Replace("$__rate_interval", rateInterval, StringComparison.Ordinal)
        .Replace("$namespace", ".*", StringComparison.Ordinal)
        .Replace("$sweep", ".*", StringComparison.Ordinal)
        .Replace("$trial", ".*", StringComparison.Ordinal);
}
