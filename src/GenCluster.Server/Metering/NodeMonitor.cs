using GenCluster.Actors.Persistence;
using GenCluster.Core.Metrics;
using GenCluster.Monitoring;

namespace GenCluster.Server.Metering;

/// <summary>All that serves the metrics of a coordinator's node.</summary>
internal sealed class NodeMonitor : IAsyncDisposable
{
    private readonly PrometheusRecorder recorder = new(MetricProcess.Coordinator);
    private readonly MetricsServer server;
    private readonly DiskMeter? disk;

    /// <exception cref="CannotServeMetricsException">The port cannot be had.</exception>
    public NodeMonitor(MetricsAddress address, JournalDatabase journal)
    {
        BuildInformation.Record(recorder, typeof(NodeMonitor).Assembly);
        server = new MetricsServer(address, recorder);
        if (journal is JournalDatabase.Sqlite { Path: var file } && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            disk = new DiskMeter(recorder, "journal", folder, TimeProvider.System);
    }

    public IMetricRecorder Recorder => recorder;

    /// <summary>Where they are: <c>http://127.0.0.1:9464</c>.</summary>
    public string Address => server.Address;

    public ValueTask DisposeAsync()
    {
        disk?.Dispose();
        return server.DisposeAsync();
    }
}
