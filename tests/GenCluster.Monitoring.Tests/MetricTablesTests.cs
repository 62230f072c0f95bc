using System.Runtime.CompilerServices;
using System.Text;
using GenCluster.Core.Metrics;

namespace GenCluster.Monitoring.Tests;

/// <summary>GENCLUSTER_ACCEPT=1 writes the tables of docs/metrics.md again.</summary>
public sealed class MetricTablesTests
{
    private const string Begin = "<!-- made from the catalogue: begin -->\n", End = "<!-- made from the catalogue: end -->";

    [Fact]
    public void The_documentation_has_the_catalogue()
    {
        string path = PathOfDocument(), document = File.ReadAllText(path);
        int from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = document.IndexOf(End, StringComparison.Ordinal);
        string expected = document[..from] + "\n" + MetricTables.Text() + document[to..];

        if (Environment.GetEnvironmentVariable("GENCLUSTER_ACCEPT") == "1")
            File.WriteAllText(path, expected, new UTF8Encoding(false));
        File.ReadAllText(path).ShouldBe(expected, "docs/metrics.md is made from the catalogue; run these tests with GENCLUSTER_ACCEPT=1 to write it again");
    }

    [Fact]
    public void Every_metric_has_a_row() =>
        MetricTables.Text().Split('\n').Count(line => line.StartsWith("| `gencluster_", StringComparison.Ordinal)).ShouldBe(MetricCatalogue.All.Count);

    private static string PathOfDocument([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../docs/metrics.md"));
}
