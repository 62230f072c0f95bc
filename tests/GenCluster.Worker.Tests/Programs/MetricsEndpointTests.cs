using System.Net;
using System.Net.Http.Headers;
using GenCluster.Core.Trials;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

public sealed class MetricsEndpointTests : IDisposable
{
    private readonly List<Metric> heard = [];
    private readonly MetricsEndpoint endpoint;
    private readonly HttpClient client = new();
    private bool isOver;

    public MetricsEndpointTests()
    {
        endpoint = new MetricsEndpoint(values =>
        {
            heard.AddRange(values);
            return isOver ? Task.FromCanceled(new CancellationToken(canceled: true)) : Task.CompletedTask;
        });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Token);
    }

    public void Dispose()
    {
        client.Dispose();
        endpoint.Dispose();
    }

    [Fact]
    public async Task An_object_is_heard()
    {
        (await PostAsync("{\n  \"epoch\": 1,\n  \"loss\": 0.5\n}")).Status.ShouldBe(HttpStatusCode.NoContent);

        heard.ShouldBe([new("epoch", 1), new("loss", 0.5)]);
    }

    [Fact]
    public async Task Lines_of_objects_are_heard()
    {
        (await PostAsync("{\"loss\": 2}\n{\"loss\": NaN}\n")).Status.ShouldBe(HttpStatusCode.NoContent);

        heard.ShouldBe([new("loss", 2), new("loss", double.NaN)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("loss=2")]
    [InlineData("[1]")]
    [InlineData("{\"loss\": 2}\nnonsense")]
    public async Task What_is_none_is_refused(string body)
    {
        var (status, sentence) = await PostAsync(body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        sentence.ShouldStartWith("send an object of JSON with numbers");
        heard.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Whoever_does_not_know_the_token_is_turned_away(string? token)
    {
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        (await PostAsync("{\"loss\": 2}")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused() =>
        (await PostAsync("{\"loss\": 2}" + new string(' ', MetricsEndpoint.MaxBody))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task Nothing_but_POST_is_answered() =>
        (await client.GetAsync(new Uri(endpoint.Url), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

    [Fact]
    public async Task When_the_trial_ends_that_is_said()
    {
        isOver = true;

        (await PostAsync("{\"loss\": 2}")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public void It_listens_on_this_machine_alone() => new Uri(endpoint.Url).Host.ShouldBe("127.0.0.1");

    private async Task<(HttpStatusCode Status, string Sentence)> PostAsync(string body)
    {
        using var content = new StringContent(body);
        using var response = await client.PostAsync(new Uri(endpoint.Url), content, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
