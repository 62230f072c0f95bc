using GenCluster.Dashboards.Tests;
using GenCluster.Dashboards.Tests.Queries;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>
/// A coordinator and two workers that train one GAN after the other, all real processes that serve metrics, and a Prometheus
/// that scrapes them and evaluates our rules. Started when it is asked for first, and the same for all tests of the collection:
/// they only look. It is gone before other tests run, as it uses the whole machine.
/// </summary>
public sealed class MonitoredCluster : IAsyncLifetime
{
    private readonly SemaphoreSlim starting = new(1);
    private Sandbox? sandbox;
    private TextExporter? dcgm, more;
    private MonitoredProcesses? running;

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

    /// <summary>Name of the collection of tests that look at it.</summary>
    public const string Tests = "Monitored cluster";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<MonitoredProcesses> GetAsync(CancellationToken cancellation)
    {
        await starting.WaitAsync(cancellation);
        try
        {
            return running ??= await StartAsync(cancellation);
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null)
            await running.Prometheus.DisposeAsync();
        if (sandbox is not null)
            await sandbox.DisposeAsync();
        if (dcgm is not null)
            await dcgm.DisposeAsync();
        if (more is not null)
            await more.DisposeAsync();
        starting.Dispose();
    }

    private async Task<MonitoredProcesses> StartAsync(CancellationToken cancellation)
    {
        PrometheusServer.Find("prometheus");
        sandbox = new Sandbox("monitored");
        dcgm = await TextExporter.StartAsync(DcgmSample.Text);
        more = await TextExporter.StartAsync(OfMachinesWithMore);
        string[] rules = Directory.GetFiles(Deployed.PathOf("deploy/prometheus/rules"), "*.yaml");
        ScrapeTarget[] others = [new("dcgm", dcgm.Address), new("more", more.Address)];
        var started = await MonitoredProcesses.StartAsync(sandbox, workers: 2, rules, others, cancellation);
        await Submission.SubmitAsync(sandbox.File, [started.Node]);
        return started;
    }
}

[CollectionDefinition(MonitoredCluster.Tests)]
public sealed class MonitoredClusterTests : ICollectionFixture<MonitoredCluster>;
