using System.Net;
using GenCluster.Configuration.Access;
using GenCluster.Server.Access;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace GenCluster.Server.Tests.Access;

/// <summary>Who may do what: each endpoint says it, and the real server holds it.</summary>
public sealed class RoleTests : AccessKit
{
    private const string Table = """
        GET  /healthz                                                 anybody
        GET  /readyz                                                  anybody
        GET  /api/v1/openapi.json                                     viewer
        GET  /api/v1/sweeps                                           viewer
        GET  /api/v1/sweeps/{name}                                    viewer
        GET  /api/v1/sweeps/{name}/analysis                           viewer
        GET  /api/v1/sweeps/{name}/events                             viewer
        GET  /api/v1/sweeps/{name}/trials                             viewer
        GET  /api/v1/sweeps/{name}/trials/{number:long}               viewer
        GET  /api/v1/sweeps/{name}/trials/{number:int:min(1)}/explain viewer
        ANY  {*path}                                                  viewer
        POST /api/v1/sweeps                                           submitter
        PUT  /api/v1/sweeps/{name}                                    submitter
        POST /api/v1/sweeps/{name}/pause                              submitter
        POST /api/v1/sweeps/{name}/resume                             submitter
        POST /api/v1/sweeps/{name}/stop                               submitter
        POST /api/v1/sweeps/{name}/cancel                             submitter
        POST /api/v1/sweeps/{name}/retry                              submitter
        POST /api/v1/sweeps/{name}/trials/{number:int:min(1)}/pause   submitter
        POST /api/v1/sweeps/{name}/trials/{number:int:min(1)}/resume  submitter
        POST /api/v1/sweeps/{name}/trials/{number:int:min(1)}/stop    submitter
        POST /api/v1/sweeps/{name}/trials/{number:int:min(1)}/cancel  submitter
        POST /api/v1/sweeps/{name}/trials/{number:int:min(1)}/retry   submitter
        """;

    private static readonly (string? Token, Role? Role)[] Callers =
        [(null, null), ("gct_nobody", null), (TokenOf("eve"), Role.Viewer), (TokenOf("ci"), Role.Submitter), (TokenOf("ada"), Role.Admin)];

    private static IEnumerable<(string Method, string Pattern, string Needs)> Rows =>
        from line in Table.Split('\n')
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select (words[0], words[1], words[2]);

    [Fact]
    public async Task Every_endpoint_says_who_may_call_it_and_what_says_nothing_is_nobodys()
    {
        WriteTokens();
        var coordinator = await StartApiAsync(api: Options(AccessMode.Tokens));

        var endpoints = coordinator.Api!.Endpoints.Cast<RouteEndpoint>().ToArray();

        endpoints.ShouldAllBe(e => e.Metadata.GetMetadata<IAuthorizeData>() != null || e.Metadata.GetMetadata<IAllowAnonymous>() != null);
        endpoints.Select(e => (MethodOf(e), e.RoutePattern.RawText!, NeedOf(e))).ShouldBe(Rows, ignoreOrder: true);

        static string MethodOf(RouteEndpoint e) => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Single() ?? "ANY";
        static string NeedOf(RouteEndpoint e) => e.Metadata.GetMetadata<IAllowAnonymous>() is null ? e.Metadata.GetMetadata<IAuthorizeData>()!.Policy! : "anybody";
    }

    [Fact]
    public async Task Each_role_gets_what_it_may_and_nothing_else()
    {
        WriteTokens();
        await StartApiAsync(api: Options(AccessMode.Tokens), log: LogFile);

        foreach (var (method, pattern, needs) in Rows)
        {
            foreach (var (token, role) in Callers)
            {
                using var request = Ask(method == "ANY" ? "DELETE" : method, PathOf(pattern), token);
                var status = await StatusAsync(request);
                string what = $"{method} {pattern} by {role?.ToString() ?? token ?? "nobody"}: {status}";
                if (needs == "anybody")
                    status.ShouldBe(HttpStatusCode.OK, what);
                else if (role is null)
                    status.ShouldBe(HttpStatusCode.Unauthorized, what);
                else if (role < Roles.Find(needs))
                    status.ShouldBe(HttpStatusCode.Forbidden, what);
                else
                    status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.PreconditionRequired);
            }
        }
    }

    [Fact]
    public async Task What_a_caller_does_is_under_its_name_in_the_journal_and_the_audit_trail()
    {
        WriteTokens();
        await StartApiAsync(api: Options(AccessMode.Tokens), log: LogFile);
        Http.DefaultRequestHeaders.Authorization = new("Bearer", TokenOf("ci"));
        long mark = Mark();

        (await StatusAsync(Ask("POST", SweepPath, TokenOf("ci"), Sweep, r => r.Headers.Add("GenCluster-User", "ada")))).ShouldBe(HttpStatusCode.Created);
        (await StatusAsync(Ask("POST", $"{SweepPath}/shirts/pause", TokenOf("ada"), change: r => r.Headers.Add("GenCluster-Reason", "the disk is full")))).ShouldBe(HttpStatusCode.OK);

        var detail = await GetAsync<SweepDetail>($"{SweepPath}/shirts", d => d.History.Any(h => h.What == "pause"));
        detail.History.Select(h => (h.What, h.Message)).ShouldBe([("submitted", "by ci"), ("pause", "by ada (the disk is full)")], ignoreOrder: true);
        await AuditedAsync(mark, l => l is { Event: "change", Who: "ci", Role: "submitter", Method: "POST", Route: SweepPath, Status: 201, From: "127.0.0.1" });
        await AuditedAsync(mark, l => l is { Event: "change", Who: "ada", Role: "admin", Path: $"{SweepPath}/shirts/pause", Status: 200, Reason: "the disk is full" });
        string log = await File.ReadAllTextAsync(LogFile, Patience);
        log.ShouldNotContain("gct_");
    }

    [Fact]
    public async Task A_name_that_nobody_knows_and_one_that_exists_look_alike_to_a_stranger()
    {
        WriteTokens();
        await StartOnStoryAsync(Options(AccessMode.Tokens), LogFile);

        var there = await ProblemAsync(HttpStatusCode.Unauthorized, Ask("GET", $"{SweepPath}/fashion"));
        var missing = await ProblemAsync(HttpStatusCode.Unauthorized, Ask("GET", $"{SweepPath}/nothing"));
        var nowhere = await ProblemAsync(HttpStatusCode.Unauthorized, Ask("GET", "/no/such/page"));

        (missing, nowhere).ShouldBe((there, there));
        there.Detail.ShouldBe("say who you are with Authorization: Bearer TOKEN");
    }

    private static string PathOf(string pattern) => pattern == "{*path}"
        ? "/nothing"
        : string.Join('/', pattern.Split('/').Select(p => p.StartsWith("{name", StringComparison.Ordinal) ? "nothing" : p.StartsWith('{') ? "1" : p));
}
