using System.Net;
using System.Net.Sockets;
using System.Text;
using GenCluster.Core.Metrics;
using GenCluster.Server.Access;
using GenCluster.Server.Api;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary>What one caller may ask.</summary>
public sealed class LimitTests : AccessKit, IApiObserver
{
    private readonly List<string> heard = [];

    [Attack(48, "tries one token after the other, from one address under many names", "429 with Retry-After after 20; a good token from there goes on")]
    public async Task Guessing_ends_and_good_tokens_go_on()
    {
        await StartAsync(Generous with { FailureBurst = 5, FailurePause = TimeSpan.FromHours(1), AlikeRefusals = 2 });
        long mark = Mark();

        for (int i = 0; i < 12; i++)
        {
            var status = await StatusAsync(Ask("GET", SweepPath, $"gct_{i}", change: r => r.Headers.Add("X-Forwarded-For", $"10.0.0.{i}")));
            status.ShouldBe(i < 5 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests);
        }

        using var refused = await Http.SendAsync(Ask("GET", SweepPath, "gct_13"), Patience);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromHours(1));
        refused.Content.Headers.ContentType!.MediaType.ShouldBe(ApiProblem.ContentType);
        (await StatusAsync(Ask("GET", SweepPath, TokenOf("eve")))).ShouldBe(HttpStatusCode.OK);
        await AuditedAsync(mark, l => l is { Status: 429, Code: "too-many" });
        (await AuditAsync(mark)).Count(l => l.Status == 401).ShouldBe(2); // of those that are alike
        Heard("failed Unknown").ShouldBe(5);
        Heard("limited Failures").ShouldBe(8);
    }

    [Attack(49, "submits and changes without end", "429 with Retry-After, and others are served as before")]
    public async Task Changes_are_rationed_by_name()
    {
        await StartAsync(Generous with { ChangeBurst = 3, ChangesPerSecond = 1 });
        long mark = Mark();

        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 8; i++)
            answers.Add(await StatusAsync(Ask("POST", $"{SweepPath}/nothing/pause", TokenOf("ci"), change: r => r.Headers.Add("GenCluster-User", $"user{i}"))));

        answers.Take(3).ShouldAllBe(s => s == HttpStatusCode.NotFound);
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        (await StatusAsync(Ask("POST", $"{SweepPath}/nothing/pause", TokenOf("ada")))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(Ask("GET", SweepPath, TokenOf("ci")))).ShouldBe(HttpStatusCode.OK);
        await AuditedAsync(mark, l => l is { Who: "ci", Status: 429 });
        Heard("limited Changes").ShouldBeGreaterThan(0);
    }

    [Attack(50, "asks without end", "429 with Retry-After; probes of health go on")]
    public async Task Requests_are_rationed()
    {
        await StartAsync(Generous with { RequestBurst = 4, RequestsPerSecond = 1 });
        long mark = Mark();

        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 12; i++)
            answers.Add(await StatusAsync(Ask("GET", SweepPath, TokenOf("eve"))));

        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        for (int i = 0; i < 12; i++)
            (await StatusAsync(Ask("GET", "/healthz"))).ShouldBe(HttpStatusCode.OK);
        await AuditedAsync(mark, l => l is { Who: "eve", Status: 429, Route: SweepPath });
        Heard("limited Requests").ShouldBeGreaterThan(0);
    }

    [Attack(51, "holds streams of events open without end", "429 for more than its part, and a stream ends after a while, for its client to be known again")]
    public async Task Streams_are_rationed_and_end()
    {
        await StartAsync(Generous with { Streams = 2, StreamTime = TimeSpan.FromSeconds(2) }, story: true);
        long mark = Mark();
        using var follow = Ask("POST", SweepPath, TokenOf("ci"), Sweep);
        (await StatusAsync(follow)).ShouldBe(HttpStatusCode.Created);
        await GetsAsync($"{SweepPath}/shirts");

        using var first = await Http.SendAsync(Ask("GET", $"{SweepPath}/shirts/events", TokenOf("eve")), HttpCompletionOption.ResponseHeadersRead, Patience);
        using var second = await Http.SendAsync(Ask("GET", $"{SweepPath}/shirts/events", TokenOf("eve")), HttpCompletionOption.ResponseHeadersRead, Patience);
        await RefusedAsync(HttpStatusCode.TooManyRequests, Ask("GET", $"{SweepPath}/shirts/events", TokenOf("eve")), l => l.Who == "eve");

        string all = await first.Content.ReadAsStringAsync(Patience); // it ends, though the sweep goes on
        all.ShouldContain("sweep-submitted");
        all.ShouldNotContain("event: end");
        Heard("limited Streams").ShouldBe(1);
    }

    [Attack(52, "opens connections without end", "those that are more than one address's part are closed at once")]
    public async Task Connections_are_rationed_by_address()
    {
        await StartAsync(Generous with { ConnectionsPerAddress = 3 });
        List<Socket> open = [];
        try
        {
            for (int i = 0; i < 3; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, Http.BaseAddress!.Port, Patience);
                await socket.SendAsync(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), Patience);
                (await socket.ReceiveAsync(new byte[1], Patience)).ShouldBe(1);
            }

            (await RawAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).Status.ShouldBe(0);
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }

        while ((await RawAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).Status != 200)
            Patience.ThrowIfCancellationRequested();
    }

    [Attack(53, "opens connections and says nothing", "each is closed when it has said nothing for 10 s")]
    public async Task A_connection_that_says_nothing_is_closed()
    {
        await StartAsync(Generous);
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);

        await silent.ConnectAsync(IPAddress.Loopback, Http.BaseAddress!.Port, Patience);

        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(30)); // the web server itself would wait for a minute
        (await EndAsync(silent, soon.Token)).ShouldBe(0);
    }

    void IApiObserver.AuthenticationFailed(AuthFailure reason) => Hear($"failed {reason}");

    void IApiObserver.RoleRefused() => Hear("role");

    void IApiObserver.RateLimited(ApiLimit limit) => Hear($"limited {limit}");

    private void Hear(string what)
    {
        lock (heard)
            heard.Add(what);
    }

    private int Heard(string what)
    {
        lock (heard)
            return heard.Count(h => h == what);
    }

    private async Task GetsAsync(string path)
    {
        while (await StatusAsync(Ask("GET", path, TokenOf("eve"))) != HttpStatusCode.OK)
            Patience.ThrowIfCancellationRequested();
    }

    private async Task StartAsync(ApiLimits limits, bool story = false)
    {
        WriteTokens();
        var options = Options(AccessMode.Tokens, limits: limits) with { Observer = this };
        _ = story ? await StartOnStoryAsync(options, LogFile) : await StartApiAsync(api: options, log: LogFile);
    }

    private static async Task<int> EndAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], cancellation);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
