using System.Net;
using System.Net.Http.Json;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Tests.Support;

/// <summary>Answers one after the other, the last one again and again; and what was asked.</summary>
internal sealed class ScriptedServer(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    private int next;

    public List<string> Asked { get; } = [];

    public static Func<HttpResponseMessage> Says<T>(T value, HttpStatusCode status = HttpStatusCode.OK) =>
        () => new HttpResponseMessage(status) { Content = JsonContent.Create(value, options: ApiJson.Options) };

    public static Func<HttpResponseMessage> Refuses(HttpStatusCode status, string detail) => () => new HttpResponseMessage(status)
    {
        Content = JsonContent.Create(new ApiProblem("", (int)status, detail), new(ApiProblem.ContentType), ApiJson.Options),
    };

    public static HttpResponseMessage IsAway() => throw new HttpRequestException("Connection refused");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        return Task.FromResult(answers[Math.Min(next++, answers.Length - 1)]());
    }
}
