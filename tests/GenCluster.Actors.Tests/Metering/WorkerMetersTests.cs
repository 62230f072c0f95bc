using GenCluster.Actors.Metering;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Tests.Metering;

public sealed class WorkerMetersTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RecordedMetrics metrics = new();
    private readonly WorkerMeters meters;

    public WorkerMetersTests()
    {
        meters = new WorkerMeters(metrics);
    }

    [Fact]
    public void The_first_heartbeat_is_never_late_and_each_other_counts()
    {
        meters.Ticks(TimeSpan.FromSeconds(5), Interval, isAttached: false, isRunning: false, waiting: 0);
        metrics["heartbeat_delay_seconds"].ShouldBe(0);
        meters.Ticks(TimeSpan.FromSeconds(9), Interval, isAttached: true, isRunning: true, waiting: 3);

        metrics["heartbeat_delay_seconds"].ShouldBe(1);
        (metrics["worker_attached"], metrics["worker_running"], metrics["outbox_unacked_results"]).ShouldBe((1, 1, 3));
    }

    [Fact]
    public void A_checkpoint_is_committed_once_however_often_that_is_said()
    {
        meters.Stored(100, TimeSpan.FromSeconds(1));
        meters.Committed(100, TimeSpan.FromSeconds(2));
        meters.Committed(100, TimeSpan.FromSeconds(3));
        meters.Stored(200, TimeSpan.FromSeconds(4));
        meters.Forget();
        meters.Committed(200, TimeSpan.FromSeconds(5));

        metrics["checkpoint_seconds{commit}"].ShouldBe(1);
    }

    [Fact]
    public void Runs_that_break_are_counted_by_what_failed()
    {
        meters.Broke(FailureClass.NonFinite);

        metrics["trainer_restarts_total{non_finite}"].ShouldBe(1);
    }
}
