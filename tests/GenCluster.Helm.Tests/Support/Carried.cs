namespace GenCluster.Helm.Tests.Support;

/// <summary>Files of <c>deploy/</c> that the chart carries copies of, for Helm reads nothing outside a chart's folder.</summary>
internal static class Carried
{
    public static IReadOnlyList<string> Dashboards { get; } = Files("grafana", ".json");

    public static IReadOnlyList<string> Rules { get; } = Files("prometheus/rules", ".yml", ".yaml");

    private static List<string> Files(string folder, params string[] endings)
    {
        string path = Repository.PathOf("deploy", folder);
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => endings.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal)]
            : [];
    }
}
