using Akka.Actor;
using GenCluster.Core.Metrics;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Metering;

/// <summary>What a worker's voice records: whether it is heard, whether it works, and what nobody has acknowledged.</summary>
internal sealed class WorkerMeters
{
    private readonly IMetricSeries attached, running, delay, unacknowledged, commit;
    private readonly SeriesBy<FailureClass> broken;
    private readonly Dictionary<int, TimeSpan> stored = []; // checkpoints that are not acknowledged, by step
    private TimeSpan? due;

    public WorkerMeters(IMetricRecorder recorder)
    {
        attached = recorder.Series(MetricCatalogue.WorkerAttached);
        running = recorder.Series(MetricCatalogue.WorkerRunning);
        delay = recorder.Series(MetricCatalogue.HeartbeatDelaySeconds);
        unacknowledged = recorder.Series(MetricCatalogue.OutboxUnackedResults);
        commit = recorder.Series(MetricCatalogue.CheckpointSeconds, "commit");
        broken = new SeriesBy<FailureClass>(recorder, MetricCatalogue.TrainerRestarts);
        Stale = recorder.Series(MetricCatalogue.StaleEpochRejected);
    }

    /// <summary>Counts what is refused because its epoch is over.</summary>
    public IMetricSeries Stale { get; }

    public static WorkerMeters Of(ActorSystem system) => new(SystemMetrics.RecorderOf(system));

    /// <summary>The worker came to its heartbeat.</summary>
    /// <param name="now">A reading of a monotonic clock.</param>
    /// <param name="interval">Until it should come to the next one.</param>
    public void Ticks(TimeSpan now, TimeSpan interval, bool isAttached, bool isRunning, int waiting)
    {
        if (due is { } then)
            delay.Record(Math.Max(0, (now - then).TotalSeconds));
        due = now + interval;
        attached.Record(isAttached ? 1 : 0);
        running.Record(isRunning ? 1 : 0);
        unacknowledged.Record(waiting);
    }

    /// <summary>A run has ended before its time.</summary>
    public void Broke(FailureClass cause) => broken[cause].Record();

    /// <summary>A checkpoint's blobs are stored, and the coordinator is told.</summary>
    public void Stored(int step, TimeSpan now) => stored.TryAdd(step, now);

    /// <summary>It is in the journal.</summary>
    public void Committed(int step, TimeSpan now)
    {
        if (stored.Remove(step, out var since))
            commit.Record((now - since).TotalSeconds);
    }

    /// <summary>What was stored and not acknowledged is void.</summary>
    public void Forget() => stored.Clear();
}
