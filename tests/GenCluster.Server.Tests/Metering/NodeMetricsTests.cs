using System.Net;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Metrics;
using GenCluster.Monitoring;
using GenCluster.Server.Api;
using GenCluster.Server.Metering;
using GenCluster.Server.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Tests.Metering;

/// <summary>A real coordinator node that serves its metrics.</summary>
public sealed class NodeMetricsTests : ApiKit
{
    [Fact]
    public async Task A_node_says_that_it_leads_and_counts_what_its_API_is_asked()
    {
        await using var node = await StartAsync(0);
        Http.BaseAddress = new Uri(node.ApiAddress!);

        (await Http.GetAsync("/api/v1/sweeps", Patience)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Http.GetAsync("/api/v1/sweeps/nobody", Patience)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Http.GetAsync("/favicon.ico", Patience)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        string text = await MetricsAsync(node, "gencluster_leader 1\n");
        text.ShouldContain("gencluster_coordinator_epoch 1\n");
        text.ShouldContain("gencluster_failover_total 0\n");
        text.ShouldContain("gencluster_cluster_members 1\n");
        text.ShouldContain("gencluster_workers_expected 2\n");
        text.ShouldContain("gencluster_recovery_seconds_count{actor=\"coordinator\"} 1\n");
        text.ShouldContain("gencluster_journal_persist_seconds_count 1\n");
        text.ShouldContain("gencluster_build_info{version=\"0.1.0\",commit=\"");
        text.ShouldContain("gencluster_http_request_seconds_count{method=\"GET\",route=\"/api/v1/sweeps\",status=\"2xx\"} 1\n");
        text.ShouldContain("gencluster_http_request_seconds_count{method=\"GET\",route=\"/api/v1/sweeps/{name}\",status=\"4xx\"} 1\n");
        text.ShouldContain("gencluster_http_request_seconds_count{method=\"GET\",route=\"other\",status=\"4xx\"} 1\n");
        text.ShouldNotContain("nobody");
    }

    [Fact]
    public async Task A_metrics_port_that_is_taken_is_told_in_a_sentence_and_nothing_is_left_running()
    {
        await using var node = await StartAsync(0);
        int port = new Uri(node.MetricsAddress!).Port;

        var failure = await Should.ThrowAsync<CoordinatorStartException>(() => StartAsync(port));

        failure.Message.ShouldBe($"the coordinator cannot start: metrics cannot be served at 127.0.0.1:{port}: Address already in use; choose another --metrics-port");
    }

    [Fact]
    public async Task Whoever_watches_the_door_has_counters_to_call()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Coordinator);
        var meters = new ApiMeters(recorder);
        meters.Failed(AuthFailure.Expired);
        meters.Limited(RateLimit.Sender);
        await meters.MeasureAsync(new DefaultHttpContext { Request = { Method = "BREW" } }, _ => Task.CompletedTask);

        string text = await TextOf(recorder);

        text.ShouldContain("gencluster_auth_failures_total{reason=\"expired\"} 1\n");
        text.ShouldContain("gencluster_rate_limited_total{scope=\"sender\"} 1\n");
        text.ShouldContain("gencluster_http_request_seconds_count{method=\"other\",route=\"other\",status=\"2xx\"} 1\n");
        text.ShouldContain("gencluster_http_requests_in_flight 0\n");
    }

    [Fact]
    public async Task Handshakes_and_certificates_have_theirs()
    {
        var recorder = new PrometheusRecorder(MetricProcess.Coordinator);
        var meters = new TlsMeters(recorder);
        meters.Refused(TlsPlane.Control, TlsRefusal.NoCertificate);
        meters.Uses(TlsPlane.Api, DateTimeOffset.FromUnixTimeSeconds(2_000_000_000));

        string text = await TextOf(recorder);

        text.ShouldContain("gencluster_tls_handshakes_refused_total{plane=\"control\",reason=\"no_certificate\"} 1\n");
        text.ShouldContain("gencluster_certificate_not_after_timestamp_seconds{plane=\"api\"} 2000000000\n");
    }

    private async Task<CoordinatorHost> StartAsync(int metricsPort) => (CoordinatorHost)await CoordinatorHost.StartAsync(
        new CoordinatorOptions
        {
            Journal = new JournalDatabase.Sqlite(Path.Combine(Folder, $"{Guid.NewGuid():N}.db")),
            ExpectedWorkers = 2,
            HasReadModel = true,
            Api = new ApiOptions { Port = 0 },
            Metrics = MetricsAddress.OnLoopback(metricsPort),
        },
        Patience);

    private async Task<string> MetricsAsync(CoordinatorHost node, string until)
    {
        using var http = new HttpClient();
        while (true)
        {
            string text = await http.GetStringAsync(new Uri($"{node.MetricsAddress}/metrics"), Patience);
            if (text.Contains(until, StringComparison.Ordinal))
                return text;
        }
    }

    private async Task<string> TextOf(PrometheusRecorder recorder)
    {
        using var stream = new MemoryStream();
        await recorder.WriteAsync(stream, Patience);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
