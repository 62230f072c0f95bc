using System.Net;
using GenCluster.Server.Tests.Support;
using static GenCluster.Server.Tests.Access.GuardedServer;

namespace GenCluster.Server.Tests.Access;

/// <summary>Pages of others in the browser of somebody who reaches the server.</summary>
public sealed class BrowserAttackTests(GuardedServer server) : IClassFixture<GuardedServer>
{
    [Attack(18, "has a page of another site post", "403, even with a token")]
    public async Task A_page_of_another_site_changes_nothing()
    {
        foreach (string origin in new[] { "http://evil.example", "null", $"http://{server.Host}.evil.example", $"http://evil.example/{server.Host}", "x" })
            await server.RefusesAsync(HttpStatusCode.Forbidden, Request("POST", $"{Sweeps}/fashion/pause", Admin, change: r => r.Headers.Add("Origin", origin)), line => line is { Who: null, Code: "forbidden" });
    }

    [Attack(19, "uses a method that a guard of POST and PUT alone would forget", "403")]
    public async Task Every_method_that_is_not_known_to_be_safe_is_guarded()
    {
        foreach (string method in new[] { "DELETE", "PATCH", "PUT", "OPTIONS", "MADEUP" })
            await server.RefusesAsync(HttpStatusCode.Forbidden, Request(method, $"{Sweeps}/fashion", Admin, change: r => r.Headers.Add("Sec-Fetch-Site", "cross-site")), line => line.Method == method);
    }

    [Attack(20, "lets its own name lead to the server's address (DNS rebinding)", "403")]
    public async Task A_name_of_somebody_else_is_not_answered()
    {
        foreach (string host in new[] { "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "gencluster.dev", "svc.evil.example" })
            await server.RefusesAsync(HttpStatusCode.Forbidden, Request("GET", Sweeps, Admin, change: r => r.Headers.Host = host), line => line.Status == 403);
        foreach (string host in new[] { "gencluster", "gencluster.ml.svc", "gencluster.ml.svc.cluster.local", "gencluster.example.org", "10.0.0.1", "[::1]" })
            (await server.AnswersAsync(Request("GET", Sweeps, Admin, change: r => r.Headers.Host = host))).ShouldBe(HttpStatusCode.OK, host);
    }

    [Attack(21, "asks another site to read the answers, or frame them", "no header allows it, and those that forbid it are there")]
    public async Task No_other_site_may_read_or_frame_an_answer()
    {
        using var request = Request("GET", $"{Sweeps}/fashion", change: r => r.Headers.Add("Origin", "http://evil.example"));
        long mark = server.MarkLog();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Host}") };
        using var answer = await http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Any(h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeFalse();
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"]);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Cross-Origin-Resource-Policy").ShouldBe(["same-origin"]);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"gencluster\"");
        answer.Headers.Server.ShouldBeEmpty();
        await server.LineAsync(mark, line => line.Status == 401);
    }
}
