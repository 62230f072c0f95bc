using System.Text.RegularExpressions;

namespace GenCluster.Dashboards.Tests.Queries;

/// <summary>
/// What dcgm-exporter answers with its default counters, as a text: there is no GPU where these tests run. Its names, types
/// and labels are the exporter's, its values are made up.
/// </summary>
internal static partial class DcgmSample
{
    public const string Path = "tests/GenCluster.Dashboards.Tests/Queries/dcgm-exporter.txt";

    public static string Text { get; } = File.ReadAllText(Deployed.PathOf(Path));

    public static IReadOnlyList<string> Metrics { get; } = [.. Type().Matches(Text).Select(line => line.Groups["name"].Value)];

    [GeneratedRegex(@"^# TYPE (?<name>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();
}
