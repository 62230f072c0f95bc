using GenCluster.EndToEnd.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>A coordinator with its API and workers, as processes, and a Prometheus that scrapes them and evaluates rules.</summary>
internal sealed class MonitoredCluster : IAsyncDisposable
{
    private readonly Sandbox sandbox;
    private readonly int http;
    private readonly double begun;

    private MonitoredCluster(Sandbox sandbox, PrometheusServer prometheus, int http, double begun)
    {
        this.sandbox = sandbox;
        this.http = http;
        this.begun = begun;
        Prometheus = prometheus;
    }

    public PrometheusServer Prometheus { get; }

    /// <param name="others">What is scraped besides.</param>
    public static async Task<MonitoredCluster> StartAsync(Sandbox sandbox, int workers, IEnumerable<string> rules, params ScrapeTarget[] others)
    {
        int[] ports = CoordinatorCluster.FreePorts(3 + workers);
        sandbox.StartWith(
            ["serve", "--port", $"{ports[0]}", "--journal", sandbox.File + ".db", "--http-port", $"{ports[1]}", "--metrics-port", $"{ports[2]}", "--log", sandbox.File + ".log"]);
        var targets = new List<ScrapeTarget>(others) { Target("coordinator", ports[2], "coordinator-0") };
        for (int n = 1; n <= workers; n++)
        {
            int port = ports[2 + n];
            sandbox.StartProgramWith(
                Programs.Worker,
                ["--name", $"worker-{n}", "--runs", sandbox.Runs, "--device", "cpu", "--coordinator", CoordinatorCluster.Address(ports[0]), "--metrics-port", $"{port}"]);
            targets.Add(Target("worker", port, $"worker-{n}"));
        }

        var prometheus = await PrometheusServer.StartAsync(targets, rules);
        return new MonitoredCluster(sandbox, prometheus, ports[1], await TimeAsync(prometheus));
    }

    /// <summary>Hands the sandbox's sweep in and follows it to its end.</summary>
    public async Task RunAsync()
    {
        await Prometheus.EventuallyAsync("sum(gencluster_workers) > 0");
        var ending = await sandbox.StartWith(["submit", sandbox.File, "--wait", "--server", $"http://127.0.0.1:{http}"]).EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
    }

    /// <summary>What a panel would show of all the time since the start.</summary>
    public async Task<IReadOnlyList<QueriedSample>> ShowAsync(string query) =>
        await Prometheus.QueryRangeAsync(query, begun, await TimeAsync(Prometheus), TimeSpan.FromSeconds(1));

    public ValueTask DisposeAsync() => Prometheus.DisposeAsync();

    /// <summary>With the labels that a monitor of Kubernetes adds.</summary>
    private static ScrapeTarget Target(string job, int port, string pod) =>
        new(job, $"127.0.0.1:{port}") { Labels = new Dictionary<string, string> { ["namespace"] = "ml", ["pod"] = pod } };

    private static async Task<double> TimeAsync(PrometheusServer prometheus) => (await prometheus.QueryAsync("time()"))[0].Value;
}
