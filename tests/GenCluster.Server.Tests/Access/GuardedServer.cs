using System.Net;
using GenCluster.Configuration.Access;
using GenCluster.Server.Access;
using GenCluster.Server.Api;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary>One coordinator that knows its callers by tokens, on which one attack after the other is tried.</summary>
public sealed class GuardedServer : AccessKit
{
    public const string Sweeps = SweepPath;
    public const string SweepYaml = Sweep;

    private const string Rules = """
        commands:
          - command: ["${interpreter}", /opt/jobs/train.py, "${args}"]
            environment: [SEED]
        """;

    internal string Host => Http.BaseAddress!.Authority;

    internal static string Viewer => TokenOf("eve");

    internal static string Submitter => TokenOf("ci");

    internal static string Admin => TokenOf("ada");

    public override async ValueTask InitializeAsync()
    {
        WriteTokens();
        await StartOnStoryAsync(Options(AccessMode.Tokens, WriteRules(Rules)), LogFile);
    }

    internal static HttpRequestMessage Request(string method, string path, string? token = null, string? yaml = null, Action<HttpRequestMessage>? change = null) =>
        Ask(method, path, token, yaml, change);

    internal static string Line(string name, Role role) => LineOf(name, role);

    internal static string Token(string name) => TokenOf(name);

    internal void Write(params string[] more) => WriteTokens(more);

    internal void AllowTokens(UnixFileMode mode) => Allow(TokensFile, mode);

    internal Task<ApiProblem> RefusesAsync(HttpStatusCode status, HttpRequestMessage request, Predicate<AuditLine>? audit = null) => RefusedAsync(status, request, audit);

    internal Task<HttpStatusCode> AnswersAsync(HttpRequestMessage request) => StatusAsync(request);

    /// <summary>Sends bytes, and expects one of these answers and a line of the audit trail.</summary>
    internal async Task<string> RefusesAsync(int[] statuses, string raw, Predicate<AuditLine>? audit = null)
    {
        long mark = Mark();
        var (status, text) = await RawAsync(raw);
        status.ShouldBeOneOf(statuses);
        await AuditedAsync(mark, line => line.Event == "refusal" && line.Status == status && audit?.Invoke(line) is not false);
        return text;
    }

    internal Task<(int Status, string Text)> SendsAsync(string raw) => RawAsync(raw);

    internal long MarkLog() => Mark();

    internal Task<AuditLine> LineAsync(long mark, Predicate<AuditLine> isIt) => AuditedAsync(mark, isIt);

    internal Task<string> LogAsync() => File.ReadAllTextAsync(LogFile, Patience);
}
