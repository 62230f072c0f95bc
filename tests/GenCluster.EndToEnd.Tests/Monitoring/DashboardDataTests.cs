using System.Text.Json;
using GenCluster.Dashboards.Tests;
using GenCluster.Dashboards.Tests.Queries;
using GenCluster.EndToEnd.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>
/// What dashboards, rules and runbooks ask, asked of a Prometheus that has scraped a real run: two trials of a GAN, one after
/// the other, each on both workers.
/// </summary>
public sealed class DashboardDataTests(ITestOutputHelper log)
{
    /// <summary>Ours, where there is a GPU or a certificate. This machine has neither.</summary>
    private const string OfMachinesWithMore =
        """
        # TYPE gencluster_gpu_memory_bytes gauge
        gencluster_gpu_memory_bytes{kind="used"} 21854421811
        gencluster_gpu_memory_bytes{kind="free"} 63136858112
        gencluster_gpu_memory_bytes{kind="total"} 84991279923
        # TYPE gencluster_certificate_not_after_timestamp_seconds gauge
        gencluster_certificate_not_after_timestamp_seconds{plane="control"} 4102444800

        """;

    /// <summary>Routes are no closed set, so answers of a kind are counted from the first one on, and here there is none.</summary>
    private const string ServerErrors = """gencluster_http_request_seconds_count{status="5xx"}""";

    [Fact]
    public async Task Every_panel_shows_something_every_rule_is_evaluated_and_a_healthy_run_raises_nothing()
    {
        await using var sandbox = new Sandbox("monitored");
        await using var dcgm = await TextExporter.StartAsync(DcgmSample.Text);
        await using var more = await TextExporter.StartAsync(OfMachinesWithMore);
        await using var cluster = await MonitoredCluster.StartAsync(
            sandbox, workers: 2, RuleFiles(), new ScrapeTarget("dcgm", dcgm.Address), new ScrapeTarget("more", more.Address));
        await cluster.RunAsync();

        (await EmptyAsync(cluster, ShownQuery.Read(rateInterval: "3s").Select(shown => (shown.Place, shown.Expression)))).ShouldBeEmpty("panels without data");

        var rules = await RulesAsync(cluster.Prometheus);
        rules.Where(rule => rule.Health != "ok").ShouldBeEmpty("rules that cannot be evaluated");
        (await EmptyAsync(cluster, rules.SelectMany(rule => PromQl.Read(rule.Query).Metrics.Select(metric => (rule.Name, metric.Selector))).Where(rule => rule.Selector != ServerErrors)))
            .ShouldBeEmpty("rules that look at what is not there");
        (await cluster.ShowAsync("""ALERTS{alertstate="firing"} or ALERTS{alertname="GenClusterModeCollapse"}""")).Select(alert => alert.Labels["alertname"]).Distinct()
            .ShouldBeEmpty("alerts of a healthy run");

        foreach (string query in RunbookQueries())
            await cluster.Prometheus.QueryAsync(query); // refused ones throw
    }

    private static IEnumerable<string> RuleFiles() => Directory.EnumerateFiles(Deployed.PathOf("deploy/prometheus/rules"), "*.yaml");

    private static IEnumerable<string> RunbookQueries() => Directory.EnumerateFiles(Deployed.PathOf("docs/runbooks"), "*.md")
        .SelectMany(file => File.ReadAllText(file).Split("```promql\n").Skip(1).SelectMany(block => block[..block.IndexOf("```", StringComparison.Ordinal)].Split('\n')))
        .Where(line => line != "");

    private async Task<List<string>> EmptyAsync(MonitoredCluster cluster, IEnumerable<(string Place, string Expression)> asked)
    {
        var empty = new List<string>();
        int count = 0;
        foreach (var (place, expression) in asked)
        {
            count++;
            if ((await cluster.ShowAsync(expression)).Count == 0)
                empty.Add($"{place}: {expression}");
        }

        log.WriteLine($"{count} queries, {empty.Count} without an answer");
        return empty;
    }

    private static async Task<List<EvaluatedRule>> RulesAsync(PrometheusServer prometheus)
    {
        using var answer = await prometheus.RulesAsync();
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule => new EvaluatedRule(Text(rule, "name"), Text(rule, "query"), Text(rule, "health"), rule.TryGetProperty("lastError", out var error) ? $"{error}" : "")),
        ];
    }

    private static string Text(JsonElement rule, string name) => rule.GetProperty(name).GetString()!;

    private sealed record EvaluatedRule(string Name, string Query, string Health, string Error);
}
