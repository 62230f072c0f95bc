using GenCluster.Dashboards.Tests;
using GenCluster.Dashboards.Tests.Queries;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>
/// A coordinator and two workers that train a GAN, after one that was stopped and so has succeeded: all real processes that
/// serve metrics, and a Prometheus that scrapes them and evaluates our rules. Started when it is asked for first, and the same
/// for all tests of the collection: they only look. It is gone before other tests run, as it uses the whole machine.
/// </summary>
public sealed class MonitoredCluster : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that look at it.</summary>
    public const string Tests = "Monitored cluster";

    /// <summary>Ours, of machines with a GPU or a certificate. The machine of these tests has neither.</summary>
    private const string OfMachinesWithMore =
        """
        # TYPE gencluster_gpu_memory_bytes gauge
        gencluster_gpu_memory_bytes{kind="used"} 21854421811
        gencluster_gpu_memory_bytes{kind="free"} 63136858112
        gencluster_gpu_memory_bytes{kind="total"} 84991279923
        # TYPE gencluster_certificate_not_after_timestamp_seconds gauge
        gencluster_certificate_not_after_timestamp_seconds{plane="control"} 4102444800

        """;

    private readonly Lock gate = new();
    private readonly List<IAsyncDisposable> started = [];
    private Task<MonitoredProcesses>? running;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public Task<MonitoredProcesses> GetAsync()
    {
        lock (gate)
            return running ??= StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(started))
            await part.DisposeAsync();
    }

    private async Task<MonitoredProcesses> StartAsync()
    {
        PrometheusServer.Find("prometheus");
        var sandbox = Kept(new Sandbox("monitored"));
        var dcgm = Kept(await TextExporter.StartAsync(DcgmSample.Text));
        var more = Kept(await TextExporter.StartAsync(OfMachinesWithMore));
        var processes = await MonitoredProcesses.StartAsync(
            sandbox, workers: 2, Directory.GetFiles(Deployed.PathOf("deploy/prometheus/rules"), "*.yaml"), [new("dcgm", dcgm.Address), new("more", more.Address)]);
        Kept(processes.Prometheus);
        await Submission.SubmitAsync(sandbox.File, [processes.Node]);
        await sandbox.ReachesAsync(processes.Coordinator, trial: 1, step: 100);
        await processes.Prometheus.EventuallyAsync("gencluster_trial_queue_wait_seconds_count == 1"); // before the next trial waits: what it has never seen rise has no rate
        var stop = await Gencluster.RunAsync("stop", "monitored", "--trial", "1", "--server", processes.Api.ToString());
        stop.Code.ShouldBe(0, stop.ToString());
        return processes;
    }

    /// <summary>Ends with the cluster, the last one first.</summary>
    private T Kept<T>(T part)
        where T : IAsyncDisposable
    {
        started.Add(part);
        return part;
    }
}

[CollectionDefinition(MonitoredCluster.Tests)]
public sealed class MonitoredClusterTests : ICollectionFixture<MonitoredCluster>;
