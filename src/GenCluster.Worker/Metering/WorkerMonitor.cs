using GenCluster.Collectives.Gangs;
using GenCluster.Core.Metrics;
using GenCluster.Monitoring;

namespace GenCluster.Worker.Metering;

/// <summary>All that serves a worker's metrics.</summary>
internal sealed class WorkerMonitor : IAsyncDisposable
{
    private readonly PrometheusRecorder recorder = new(MetricProcess.Worker);
    private readonly MetricsServer server;
    private readonly DiskMeter disk;

    /// <exception cref="CannotServeMetricsException">The port cannot be had.</exception>
    public WorkerMonitor(MetricsAddress address, string runs, GangCounters counters)
    {
        BuildInformation.Record(recorder, typeof(WorkerMonitor).Assembly);
        DataPlaneMeters.Watch(counters, recorder);
        server = new MetricsServer(address, recorder);
        disk = new DiskMeter(recorder, "runs", runs, TimeProvider.System);
    }

    public IMetricRecorder Recorder => recorder;

    public ValueTask DisposeAsync()
    {
        disk.Dispose();
        return server.DisposeAsync();
    }
}
