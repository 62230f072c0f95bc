using System.Net;
using System.Net.Sockets;
using GenCluster.Core.Metrics;

namespace GenCluster.Monitoring.Tests;

public sealed class MetricsServerTests : IAsyncDisposable
{
    private readonly PrometheusRecorder recorder = new(MetricProcess.Worker);
    private readonly MetricsServer server;
    private readonly HttpClient http;

    public MetricsServerTests()
    {
        server = new MetricsServer(MetricsAddress.OnLoopback(0), recorder);
        http = new HttpClient { BaseAddress = new Uri(server.Address) };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_are_text_of_Prometheus()
    {
        recorder.Series(MetricCatalogue.Steps).Record(3);

        using var answer = await http.GetAsync("/metrics", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("\ngencluster_steps_total 3\n");
    }

    [Theory]
    [InlineData("GET", "/healthz", HttpStatusCode.OK, "ok\n")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "there are /metrics and /healthz\n")]
    [InlineData("GET", "/metrics/../other", HttpStatusCode.NotFound, "there are /metrics and /healthz\n")]
    [InlineData("POST", "/metrics", HttpStatusCode.MethodNotAllowed, "use GET\n")]
    public async Task Answers_nothing_but_metrics_and_whether_it_lives(string method, string path, HttpStatusCode status, string sentence)
    {
        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldBe(sentence);
    }

    [Fact]
    public async Task Clients_that_say_nothing_hold_up_nobody()
    {
        var idle = new List<TcpClient>();
        for (int i = 0; i < 50; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, http.BaseAddress!.Port, Cancellation);
            idle.Add(client);
        }

        (await http.GetStringAsync("/healthz", Cancellation)).ShouldBe("ok\n");
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Many_may_scrape_at_a_time()
    {
        string[] all = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => http.GetStringAsync("/metrics", Cancellation)));

        all.ShouldAllBe(text => text.Contains("gencluster_steps_total", StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_that_is_taken_is_told_in_a_sentence()
    {
        int port = http.BaseAddress!.Port;

        Should.Throw<CannotServeMetricsException>(() => new MetricsServer(MetricsAddress.OnLoopback(port), recorder))
            .Message.ShouldBe($"metrics cannot be served at 127.0.0.1:{port}: Address already in use; choose another --metrics-port");
    }

    [Fact]
    public async Task Nobody_answers_when_it_is_gone()
    {
        await server.DisposeAsync();

        await Should.ThrowAsync<HttpRequestException>(() => http.GetStringAsync("/healthz", Cancellation));
    }
}
