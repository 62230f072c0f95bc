using YamlDotNet.RepresentationModel;

namespace GenCluster.Dashboards.Tests.Rules;

/// <summary>The file in <c>Alerts/</c> that tells promtool when an alert fires, with which words, and when it does not.</summary>
internal sealed record AlertStory(string Alert, IReadOnlyList<AlertStory.Case> Cases)
{
    public const string Folder = "tests/GenCluster.Dashboards.Tests/Alerts";

    public static IEnumerable<string> Files { get; } =
        [.. Directory.EnumerateFiles(Deployed.PathOf(Folder), "*.yaml").Select(file => $"{Folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal)];

    public static AlertStory Read(string file)
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(Deployed.PathOf(file)))
            yaml.Load(reader);
        return new AlertStory(Path.GetFileNameWithoutExtension(file), [.. Children(yaml.Documents[0].RootNode["tests"]).Select(Case.Read)]);
    }

    private static IList<YamlNode> Children(YamlNode node) => ((YamlSequenceNode)node).Children;

    /// <param name="Asks">The alerts that the case is about.</param>
    /// <param name="Fires">Whether any is expected to fire.</param>
    /// <param name="Series">Those that Prometheus is given.</param>
    internal sealed record Case(string Name, IReadOnlyList<string> Asks, bool Fires, IReadOnlyList<string> Series)
    {
        internal static Case Read(YamlNode node)
        {
            var asked = Children(node["alert_rule_test"]);
            return new Case(
                $"{node["name"]}",
                [.. asked.Select(alert => $"{alert["alertname"]}")],
                asked.Any(alert => Children(alert["exp_alerts"]).Count > 0),
                [.. Children(node["input_series"]).Select(series => $"{series["series"]}")]);
        }
    }
}
