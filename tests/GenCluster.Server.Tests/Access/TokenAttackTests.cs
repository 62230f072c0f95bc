using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using GenCluster.Configuration.Access;
using GenCluster.Server.Tests.Support;
using static GenCluster.Server.Tests.Access.GuardedServer;

namespace GenCluster.Server.Tests.Access;

/// <summary>Strangers, and tokens that are none.</summary>
public sealed class TokenAttackTests(GuardedServer server) : IClassFixture<GuardedServer>
{
    [Attack(1, "asks without a token", "401, the same for what exists and what does not")]
    public async Task Without_a_token_nothing_is_told()
    {
        var there = await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", $"{Sweeps}/fashion"), line => line.Why == "Missing");
        var missing = await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("DELETE", "/nothing"));

        missing.ShouldBe(there);
    }

    [Attack(2, "guesses a token", "401")]
    public Task A_token_that_nobody_has_is_not_accepted() =>
        server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, "gct_guessed"), line => line is { Why: "Unknown", Who: null });

    [Attack(3, "has read the file of tokens, and sends a hash from it", "401")]
    public Task The_hash_of_a_token_is_no_token() => server.RefusesAsync(
        HttpStatusCode.Unauthorized, Request("GET", Sweeps, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Admin)))), line => line.Why == "Unknown");

    [Attack(4, "changes a token by one letter, its case or its end", "401")]
    public async Task What_is_nearly_a_token_is_none()
    {
        foreach (string near in new[] { Admin[..^1], Admin + "A", Admin.ToUpperInvariant(), Admin + "==" })
            await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, near), line => line.Why == "Unknown");
    }

    [Attack(5, "puts a token where logs and histories keep it: in the query", "401, and the log does not have it")]
    public async Task A_token_in_the_query_does_not_count_and_is_not_logged()
    {
        await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", $"{Sweeps}?access_token={Admin}&token={Admin}"), line => line.Why == "Missing");

        (await server.LogAsync()).ShouldNotContain(Admin);
    }

    [Attack(6, "has a browser send what it sends by itself: a password, a cookie", "401")]
    public async Task Passwords_and_cookies_do_not_count()
    {
        string basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"ada:{Admin}"));

        await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, change: r => r.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic)), line => line.Why == "Malformed");
        await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, change: r => r.Headers.Add("Cookie", $"Authorization=Bearer {Admin}; token={Admin}")), line => line.Why == "Missing");
    }

    [Attack(7, "sends two tokens, for two readers to take different ones", "401")]
    public async Task Two_tokens_are_none()
    {
        await server.RefusesAsync([401], $"GET {Sweeps} HTTP/1.1\r\nHost: {server.Host}\r\nConnection: close\r\nAuthorization: Bearer {Viewer}\r\nAuthorization: Bearer {Admin}\r\n\r\n", line => line.Why == "Malformed");
        await server.RefusesAsync([401], $"GET {Sweeps} HTTP/1.1\r\nHost: {server.Host}\r\nConnection: close\r\nAuthorization: Bearer {Viewer}, Bearer {Admin}\r\n\r\n", line => line.Why == "Malformed");
    }

    [Attack(8, "goes on with the token of a name that was taken from the file", "401 within a second, without a restart")]
    public async Task A_token_that_was_taken_away_is_not_accepted_any_more()
    {
        server.Write(Line("temp", Role.Admin));
        (await server.AnswersAsync(Request("GET", Sweeps, Token("temp")))).ShouldBe(HttpStatusCode.OK);

        server.Write();

        await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, Token("temp")), line => line.Why == "Unknown");
        (await server.AnswersAsync(Request("GET", Sweeps, Viewer))).ShouldBe(HttpStatusCode.OK);
    }

    [Attack(9, "breaks the file of tokens, to lock everybody out or let somebody in", "the list before stays in force, and the audit trail has the line that is wrong")]
    public async Task A_broken_file_of_tokens_changes_nothing()
    {
        long mark = server.MarkLog();
        server.Write("mallory admin", Line("mallory2", Role.Admin));

        await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, Token("mallory2")));
        (await server.AnswersAsync(Request("GET", Sweeps, Viewer))).ShouldBe(HttpStatusCode.OK);
        (await server.LineAsync(mark, l => l.Event == "files")).Why!.ShouldContain("tokens:5: 2 words; write NAME ROLE SHA256");

        server.Write();
        (await server.AnswersAsync(Request("GET", Sweeps, Viewer))).ShouldBe(HttpStatusCode.OK);
    }

    [Attack(10, "writes into a file of tokens that others than its owner may write", "it is not read, and a server does not start with it")]
    public async Task A_file_that_others_may_write_is_not_trusted()
    {
        long mark = server.MarkLog();
        server.Write(Line("mallory", Role.Admin));
        server.AllowTokens(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);

        await server.RefusesAsync(HttpStatusCode.Unauthorized, Request("GET", Sweeps, Token("mallory")));
        (await server.LineAsync(mark, l => l.Event == "files")).Why!.ShouldContain("may be written by others than its owner; take that away with: chmod go-w");

        server.AllowTokens(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        server.Write();
        (await server.AnswersAsync(Request("GET", Sweeps, Token("mallory")))).ShouldBe(HttpStatusCode.Unauthorized);
    }
}
