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

    public static Func<HttpResponseMessage> Refuses(HttpStatusCode status, string detail, ProblemKind? kind = null) => () => new HttpResponseMessage(status)
    {
        Content = JsonContent.Create(new ApiProblem("", (int)status, detail, Code: kind?.Code ?? ""), new(ApiProblem.ContentType), ApiJson.Options),
    };

    public static HttpResponseMessage IsAway() => throw new HttpRequestException("Connection refused");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string[] conditions =
        [
            .. request.Headers.IfMatch.Select(v => $" If-Match {v}"),
            .. request.Headers.Authorization is { } credential ? [$" as {credential.Parameter}"] : Array.Empty<string>(),
            .. request.Headers.TryGetValues("GenCluster-Reason", out var reasons) ? reasons.Select(v => $" because {v}") : [],
            .. request.Headers.TryGetValues("Last-Event-ID", out var last) ? last.Select(v => $" Last-Event-ID {v}") : [],
        ];
        Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}{string.Concat(conditions)}");
        return Task.FromResult(answers[Math.Min(next++, answers.Length - 1)]());
    }
}
