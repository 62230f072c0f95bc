using GenCluster.Core.Metrics;
using GenCluster.EndToEnd.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Monitoring;

/// <summary>What a real Prometheus makes of the metrics of real processes that train.</summary>
[Collection(MonitoredCluster.Tests)]
public sealed class MetricsTests(MonitoredCluster cluster)
{
    /// <summary>What these processes have none of: GPUs and certificates.</summary>
    private static readonly MetricDefinition[] Absent = [MetricCatalogue.GpuMemory, MetricCatalogue.CertificateNotAfter];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_has_a_value_for_every_metric_of_the_catalogue()
    {
        var (prometheus, _, api) = await cluster.GetAsync();
        using var http = new HttpClient { BaseAddress = api };
        (await http.GetAsync("/api/v1/sweeps", Cancellation)).EnsureSuccessStatusCode();

        foreach (var metric in MetricCatalogue.All.Except(Absent))
        {
            string name = metric.Kind is MetricKind.Histogram ? metric.Name + "_count" : metric.Name;
            if (metric.Processes.HasFlag(MetricProcess.Coordinator))
                await prometheus.EventuallyAsync($"{name}{{job=\"coordinator\"}}", cancellation: Cancellation);
            if (metric.Processes.HasFlag(MetricProcess.Worker))
                await prometheus.EventuallyAsync($"{name}{{job=\"worker\"}}", cancellation: Cancellation);
        }
    }

    [Theory]
    [InlineData("count(up{job=~\"coordinator|worker\"} == 1) == 3")]
    [InlineData("sum(gencluster_leader) == 1")]
    [InlineData("sum(gencluster_workers) == 2 and sum(gencluster_workers{state=\"busy\"}) == 2")]
    [InlineData("sum(gencluster_worker_capacity{kind=\"cpu\"}) == 2")]
    [InlineData("gencluster_sweeps{state=\"running\"} == 1")]
    [InlineData("gencluster_trials{state=\"running\"} == 1")]
    [InlineData("sum by (sweep) (gencluster_sweep_trials{state=\"running\"}) == 1")]
    [InlineData("gencluster_trials_finished_total{outcome=\"succeeded\", reason=\"none\"} > 0")]
    [InlineData("gencluster_sweep_best_objective{sweep=\"monitored\"} > 0")]
    [InlineData("gencluster_sweep_device_seconds{sweep=\"monitored\"} > 0")]
    [InlineData("gencluster_trial_workers == 2")]
    [InlineData("gencluster_trial_step > 0 and gencluster_trial_step <= gencluster_trial_steps")]
    [InlineData("gencluster_trial_queue_wait_seconds_count > 0")]
    [InlineData("rate(gencluster_scheduler_decision_seconds_count{decision=\"placement\"}[10s]) > 0")]
    [InlineData("gencluster_journal_persist_seconds_sum / gencluster_journal_persist_seconds_count < 10")]
    [InlineData("sum(gencluster_journal_failures_total) == 0")]
    [InlineData("time() - max(gencluster_last_progress_timestamp_seconds) < 60")]
    [InlineData("count(rate(gencluster_steps_total[10s]) > 0) == 2")]
    [InlineData("sum(rate(gencluster_samples_total[20s])) / sum(rate(gencluster_steps_total[20s])) == 8")]
    [InlineData("count by (job) (sum by (job, phase) (rate(gencluster_step_seconds_sum[20s])) > 0) == 5")]
    [InlineData("sum(rate(gencluster_allreduce_wait_seconds_sum[20s])) / sum(rate(gencluster_step_seconds_sum[20s])) < 1")]
    [InlineData("sum(rate(gencluster_allreduce_seconds_count{algo=\"tcp\"}[20s])) > 0")]
    [InlineData("sum by (dir) (rate(gencluster_allreduce_bytes_total{dir=~\"sent|received\"}[20s])) > 0")]
    [InlineData("gencluster_connections == 1")]
    [InlineData("gencluster_shard_seconds > 0")]
    [InlineData("count by (sweep, trial) (gencluster_gan_loss) == 4")]
    [InlineData("gencluster_gan_discriminator_score > 0 and gencluster_gan_discriminator_score < 1")]
    [InlineData("gencluster_gan_grad_norm{net=\"g\"} > 0")]
    [InlineData("gencluster_gan_sample_diversity > 0")]
    [InlineData("gencluster_checkpoint_interval_steps == 50")]
    [InlineData("sum(rate(gencluster_checkpoint_seconds_count{phase=~\"store|commit\"}[30s])) > 0")]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(gencluster_heartbeat_delay_seconds_bucket[20s]))) < 30")]
    public async Task Questions_that_panels_and_alerts_ask_have_an_answer(string query)
    {
        var (prometheus, _, _) = await cluster.GetAsync();

        await prometheus.EventuallyAsync(query, cancellation: Cancellation);
    }

    [Fact]
    public async Task Prometheus_own_checker_has_nothing_against_what_they_serve()
    {
        var (_, targets, _) = await cluster.GetAsync();

        foreach (var target in targets)
            (await Promtool.CheckMetricsAsync(await MonitoredProcesses.MetricsOfAsync(target, Cancellation))).ShouldBe("", target.Job);
    }

    [Fact]
    public async Task Requests_are_counted_by_the_template_of_their_path()
    {
        var (prometheus, _, api) = await cluster.GetAsync();
        using var http = new HttpClient { BaseAddress = api };

        await http.GetAsync("/api/v1/sweeps/monitored", Cancellation);
        await http.GetAsync("/nothing/of/the/kind", Cancellation);

        await prometheus.EventuallyAsync("gencluster_http_request_seconds_count{method=\"GET\", route=\"/api/v1/sweeps/{name}\", status=\"2xx\"} > 0", cancellation: Cancellation);
        await prometheus.EventuallyAsync("gencluster_http_request_seconds_count{route=\"other\", status=\"4xx\"} > 0", cancellation: Cancellation);
    }
}
