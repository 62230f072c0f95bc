using System.Text.Json;
using GenCluster.Dashboards.Tests;
using GenCluster.Dashboards.Tests.Queries;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>What dashboards, rules and runbooks ask has an answer, when it is asked of a Prometheus that scrapes a real run.</summary>
[Collection(MonitoredCluster.Tests)]
public sealed class DashboardDataTests(MonitoredCluster cluster)
{
    /// <summary>Routes are no closed set, so answers of a kind are counted from the first one on, and here there is none.</summary>
    private const string ServerErrors = """gencluster_http_request_seconds_count{status="5xx"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_panel_and_every_choice_shows_something()
    {
        var run = await AskedAsync();

        await HaveDataAsync(run, ShownQuery.Read(rateInterval: "3s").Select(shown => (shown.Place, shown.Expression)));
    }

    [Fact]
    public async Task Every_rule_is_evaluated_and_looks_at_what_is_there()
    {
        var run = await AskedAsync();
        var rules = await EvaluatedAsync(run);

        rules.Where(rule => rule.Health != "ok").ShouldBeEmpty();
        await HaveDataAsync(
            run, rules.SelectMany(rule => PromQl.Read(rule.Query).Metrics.Select(metric => (rule.Name, metric.Selector))).Where(rule => rule.Selector != ServerErrors));
    }

    [Fact]
    public async Task A_healthy_run_raises_no_alert()
    {
        var run = await AskedAsync();
        await run.Prometheus.EventuallyAsync("""gencluster_trials_finished_total{outcome="succeeded"} > 0""", cancellation: Cancellation);

        var alerts = await run.ShowAsync("""ALERTS{alertstate="firing"}""", Cancellation);

        alerts.Select(alert => alert.Labels["alertname"]).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public async Task Prometheus_takes_every_query_of_the_runbooks()
    {
        var run = await AskedAsync();

        foreach (string query in RunbookQueries())
            await run.Prometheus.QueryAsync(query, Cancellation); // refused ones throw
    }

    /// <summary>The cluster, after somebody has asked its API something.</summary>
    private async Task<MonitoredProcesses> AskedAsync()
    {
        var run = await cluster.GetAsync();
        using var http = new HttpClient { BaseAddress = run.Api };
        (await http.GetAsync("/api/v1/sweeps", Cancellation)).EnsureSuccessStatusCode();
        return run;
    }

    /// <summary>Waits until each has shown at least one number since the beginning.</summary>
    private static async Task HaveDataAsync(MonitoredProcesses run, IEnumerable<(string Place, string Expression)> asked)
    {
        var empty = asked.ToList();
        empty.ShouldNotBeEmpty();
        for (int round = 0; round < 60 && empty.Count > 0; round++)
        {
            for (int i = empty.Count - 1; i >= 0; i--)
            {
                if ((await run.ShowAsync(empty[i].Expression, Cancellation)).Count > 0)
                    empty.RemoveAt(i);
            }

            await Task.Delay(empty.Count > 0 ? 1000 : 0, Cancellation);
        }

        empty.ShouldBeEmpty();
    }

    /// <summary>The rules, once Prometheus has evaluated each.</summary>
    private static async Task<IReadOnlyList<EvaluatedRule>> EvaluatedAsync(MonitoredProcesses run)
    {
        IReadOnlyList<EvaluatedRule> rules = [];
        for (int round = 0; round < 60 && (rules.Count == 0 || rules.Any(rule => rule.Health == "unknown")); round++)
        {
            using var answer = await run.Prometheus.RulesAsync(Cancellation);
            rules =
            [
                .. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                    .SelectMany(group => group.GetProperty("rules").EnumerateArray()).Select(EvaluatedRule.Read),
            ];
            await Task.Delay(rules.Any(rule => rule.Health == "unknown") ? 500 : 0, Cancellation);
        }

        return rules;
    }

    private static IEnumerable<string> RunbookQueries() => Directory.EnumerateFiles(Deployed.PathOf("docs/runbooks"), "*.md")
        .SelectMany(file => File.ReadAllText(file).Split("```promql\n").Skip(1).SelectMany(block => block[..block.IndexOf("```", StringComparison.Ordinal)].Split('\n')))
        .Where(line => line != "");

    /// <param name="Health"><c>ok</c>, <c>err</c>, or <c>unknown</c> before the first time.</param>
    private sealed record EvaluatedRule(string Name, string Query, string Health, string Error)
    {
        public static EvaluatedRule Read(JsonElement rule) =>
            new(Text(rule, "name"), Text(rule, "query"), Text(rule, "health"), rule.TryGetProperty("lastError", out var error) ? $"{error}" : "");

        private static string Text(JsonElement rule, string name) => rule.GetProperty(name).GetString()!;
    }
}
