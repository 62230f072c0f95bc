using System.Net;
using System.Net.Sockets;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>
/// A coordinator and two workers that train a GAN, after one that was stopped and so has succeeded: all real processes that
/// serve metrics, and a Prometheus that scrapes them. Started when it is asked for first, and the same for all tests of the
/// collection: they only look. It is gone before other tests run, as it uses the whole machine.
/// </summary>
public sealed class MonitoredCluster : IAsyncLifetime
{
    private readonly Lock gate = new();
    private Task<Running>? running;
    private Sandbox? sandbox;
    private PrometheusServer? prometheus;

    /// <summary>Name of the collection of tests that look at it.</summary>
    public const string Tests = "Monitored cluster";

    /// <summary>What is running.</summary>
    /// <param name="Prometheus">Scrapes twice a second, as the jobs <c>coordinator</c> and <c>worker</c>.</param>
    /// <param name="Api">Of the coordinator: <c>http://127.0.0.1:8080</c>.</param>
    public sealed record Running(PrometheusServer Prometheus, IReadOnlyList<ScrapeTarget> Targets, Uri Api)
    {
        /// <summary>What a target serves.</summary>
        public static async Task<string> MetricsOfAsync(ScrapeTarget target, CancellationToken cancellation)
        {
            using var http = new HttpClient();
            return await http.GetStringAsync(new Uri($"http://{target.Address}/metrics"), cancellation);
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public Task<Running> GetAsync()
    {
        lock (gate)
            return running ??= StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (prometheus is not null)
            await prometheus.DisposeAsync();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }

    private async Task<Running> StartAsync()
    {
        PrometheusServer.Find("prometheus");
        sandbox = new Sandbox("monitored");
        int[] ports = FreePorts(5);
        ScrapeTarget[] targets = [new("coordinator", $"127.0.0.1:{ports[2]}"), new("worker", $"127.0.0.1:{ports[3]}"), new("worker", $"127.0.0.1:{ports[4]}")];
        var node = sandbox.StartWith(
            ["serve", "--journal", sandbox.File + ".db", "--port", $"{ports[0]}", "--http-port", $"{ports[1]}", "--metrics-port", $"{ports[2]}", "--log", sandbox.File + ".log"]);
        await node.SaysAsync($"metrics at http://127.0.0.1:{ports[2]}/metrics");
        foreach (int port in ports[3..])
        {
            sandbox.StartProgramWith(Programs.Worker,
                ["--coordinator", CoordinatorCluster.Address(ports[0]), "--name", $"worker-{port}", "--runs", sandbox.Runs, "--device", "cpu", "--metrics-port", $"{port}"]);
        }

        await Submission.SubmitAsync(sandbox.File, [CoordinatorCluster.Address(ports[0])]);
        prometheus = await PrometheusServer.StartAsync(targets);
        var api = new Uri($"http://127.0.0.1:{ports[1]}");
        await sandbox.ReachesAsync(node, trial: 1, step: 100);
        var stop = await Gencluster.RunAsync("stop", "monitored", "--trial", "1", "--server", api.ToString());
        stop.Code.ShouldBe(0, stop.ToString());
        return new Running(prometheus, targets, api);
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}

[CollectionDefinition(MonitoredCluster.Tests)]
public sealed class MonitoredClusterTests : ICollectionFixture<MonitoredCluster>;
