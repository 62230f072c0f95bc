using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>A coordinator with its API and workers, real processes that serve metrics, and a Prometheus that scrapes them. The sandbox ends them.</summary>
/// <param name="Prometheus">Scrapes twice a second, as the jobs <c>coordinator</c> and <c>worker</c>.</param>
/// <param name="Targets">Those processes.</param>
/// <param name="Api">Of the coordinator: <c>http://127.0.0.1:8080</c>.</param>
public sealed record MonitoredProcesses(PrometheusServer Prometheus, IReadOnlyList<ScrapeTarget> Targets, Uri Api)
{
    /// <summary>Akka's address of the coordinator.</summary>
    public required string Node { get; init; }

    internal Gencluster Coordinator { get; private init; } = null!;

    /// <summary>When Prometheus was ready, in seconds since 1970.</summary>
    private double Begun { get; init; }

    /// <param name="rules">Files with rules that Prometheus evaluates.</param>
    /// <param name="others">What it scrapes besides.</param>
    internal static async Task<MonitoredProcesses> StartAsync(Sandbox sandbox, int workers, IEnumerable<string> rules, IEnumerable<ScrapeTarget> others)
    {
        PrometheusServer.Find("prometheus");
        int[] ports = CoordinatorCluster.FreePorts(3 + workers);
        var coordinator = sandbox.StartWith(
            ["serve", "--journal", sandbox.File + ".db", "--port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--metrics-port", $"{ports[2]}", "--log", sandbox.File + ".log"]);
        await coordinator.SaysAsync($"metrics at http://127.0.0.1:{ports[2]}/metrics");
        var targets = new List<ScrapeTarget> { Target("coordinator", ports[2], "coordinator-0") };
        for (int n = 1; n <= workers; n++)
        {
            int port = ports[2 + n];
            sandbox.StartProgramWith(
                Programs.Worker,
                ["--coordinator", CoordinatorCluster.Address(ports[0]), "--name", $"worker-{n}", "--runs", sandbox.Runs, "--device", "cpu", "--metrics-port", $"{port}"]);
            targets.Add(Target("worker", port, $"worker-{n}"));
        }

        var prometheus = await PrometheusServer.StartAsync([.. targets, .. others], rules);
        var now = await prometheus.QueryAsync("time()");
        return new MonitoredProcesses(prometheus, targets, new Uri($"http://127.0.0.1:{ports[1]}"))
        {
            Node = CoordinatorCluster.Address(ports[0]),
            Coordinator = coordinator,
            Begun = now[0].Value,
        };
    }

    /// <summary>What a target serves.</summary>
    public static async Task<string> MetricsOfAsync(ScrapeTarget target, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://{target.Address}/metrics"), cancellation);
    }

    /// <summary>What a panel would show of all the time since the beginning.</summary>
    public async Task<IReadOnlyList<QueriedSample>> ShowAsync(string query, CancellationToken cancellation)
    {
        var now = await Prometheus.QueryAsync("time()", cancellation);
        return await Prometheus.QueryRangeAsync(query, Begun, now[0].Value, TimeSpan.FromSeconds(1), cancellation);
    }

    /// <summary>With the labels that a monitor of Kubernetes adds.</summary>
    private static ScrapeTarget Target(string job, int port, string pod) =>
        new(job, $"127.0.0.1:{port}") { Labels = new Dictionary<string, string> { ["namespace"] = "ml", ["pod"] = pod } };
}
