using System.Globalization;
using System.Net;
using System.Text;
using GenCluster.Core.Randomness;
using GenCluster.Server.Access;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Access;

/// <summary>
/// Requests that are damaged at random places, over real connections: a few hundred, always the same, or as many as
/// <c>GENCLUSTER_CASES</c> says, from the seed <c>GENCLUSTER_SEED</c>. Each is answered as a client's mistake or not at all; nobody
/// gets in by it; and the process is none the larger for it.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output) : AccessKit
{
    private const int Usually = 400;
    private const long MemoryAllowed = 96L * 1024 * 1024;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "G\0T", ""];
    private static readonly string[] Paths =
        [SweepPath, $"{SweepPath}/fashion", $"{SweepPath}/fashion/pause", $"{SweepPath}/fashion/trials/1/explain", $"{SweepPath}/fashion/trials?after=1&limit=2", $"{SweepPath}/fashion/analysis", "/api/v1/openapi.json", "/nothing"];

    private static readonly string[] Headers =
    [
        "If-Match: \"1\"", "Last-Event-ID: 5-end", "Sec-Fetch-Site: none", "Origin: http://127.0.0.1", "Transfer-Encoding: chunked", "Content-Encoding: gzip", "Expect: 100-continue",
        "Upgrade: h2c", "GenCluster-Reason: why", "GenCluster-User: root", "X-HTTP-Method-Override: POST", "Content-Length: 3", "Range: bytes=0-1", "Cookie: a=b", "Accept: */*",
    ];

    private static readonly string[] Splinters =
        ["..", "%2e%2e%2f", "%00", "\0", "\r\n", "\n", "{", "[", "&a *a", "!!binary", "9999999999999999999", "-1", "NaN", "\u00ff\u00fe", "%", "%zz", "'", "\"", "<script>", "${jndi:x}", "\t", " ", ":", ";", "//", "?", "#"];

    private static long Seed => Variable("GENCLUSTER_SEED", 1);

    [Fact]
    public async Task Damaged_requests_are_refused_and_let_nobody_in()
    {
        WriteTokens();
        await StartOnStoryAsync(Options(AccessMode.Tokens, limits: Generous), LogFile);
        await RawAsync(Request(new RandomStream(0, new StreamAddress(StreamPurpose.Search)), null), thatIsAll: true);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long cases = Variable("GENCLUSTER_CASES", Usually);
        BePatientFor(TimeSpan.FromSeconds(60 + (cases / 10)));
        var statuses = new Dictionary<int, int>();

        for (uint i = 0; i < cases; i++)
        {
            var dice = new RandomStream((ulong)Seed, new StreamAddress(StreamPurpose.Search, i));
            string? token = dice.NextInt(4) switch { 0 => null, 1 => "gct_nobody", 2 => TokenOf("eve"), _ => TokenOf("ci") };
            string request = Request(dice, token);
            var (status, text) = await RawAsync(request, thatIsAll: true);
            string what = $"case {i} of seed {Seed}: {Uri.EscapeDataString(request[..Math.Min(request.Length, 600)])}\n{text[..Math.Min(text.Length, 300)]}";
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            status.ShouldBeOneOf([0, 100, 200, 201, 204, 400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415, 417, 422, 428, 431, 501, 505], what);
            bool changed = status is 200 or 201 && !request.StartsWith("GET", StringComparison.Ordinal) && !request.StartsWith("HEAD", StringComparison.Ordinal);
            (changed && !request.Contains(TokenOf("ci"), StringComparison.Ordinal)).ShouldBeFalse(what);
            (status is 200 or 201 or 204 && !request.Contains("Bearer gct_", StringComparison.Ordinal)).ShouldBeFalse(what);
        }

        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        statuses.Keys.Count.ShouldBeGreaterThan(6);
        (await StatusAsync(Ask("GET", $"{SweepPath}/fashion", TokenOf("eve")))).ShouldBe(HttpStatusCode.OK);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MemoryAllowed);
        (await File.ReadAllTextAsync(LogFile, Patience)).ShouldNotContain("failed (");
    }

    private string Request(RandomStream dice, string? token)
    {
        string body = dice.NextInt(3) == 0 ? Damaged(Sweep, dice, dice.NextInt(4)) : "";
        var head = new StringBuilder($"{Pick(Methods, dice, 8)} {Damaged(Pick(Paths, dice, 0), dice, Seldom(dice))} HTTP/1.{(dice.NextInt(50) == 0 ? "7" : "1")}\r\n");
        List<string> headers = [$"Host: 127.0.0.1:{Http.BaseAddress!.Port}", "Connection: close"];
        if (token is not null)
            headers.Add($"Authorization: Bearer {token}");
        if (body.Length > 0)
            headers.AddRange([$"Content-Length: {body.Length}", "Content-Type: application/yaml"]);
        for (int i = Seldom(dice); i > 0; i--)
            headers.Add(Damaged(Pick(Headers, dice, 0), dice, Seldom(dice)));
        if (dice.NextInt(8) == 0)
            headers[dice.NextInt(headers.Count)] = Damaged(headers[dice.NextInt(headers.Count)], dice, 1);
        foreach (string header in headers)
            head.Append(header).Append("\r\n");
        return head.Append("\r\n").Append(body).ToString();
    }

    /// <summary>Most often none.</summary>
    private static int Seldom(RandomStream dice) => Math.Max(0, dice.NextInt(5) - 2);

    /// <summary>Most often the first few, which reach something.</summary>
    private static string Pick(string[] from, RandomStream dice, int rarely) => from[rarely == 0 || dice.NextInt(rarely) == 0 ? dice.NextInt(from.Length) : dice.NextInt(3)];

    private static string Damaged(string text, RandomStream dice, int times)
    {
        for (; times > 0 && text.Length > 0; times--)
        {
            int at = dice.NextInt(text.Length);
            text = dice.NextInt(5) switch
            {
                0 => text.Remove(at, 1),
                1 => text[..at] + (char)dice.NextInt(256) + text[(at + 1)..],
                2 => text[..at] + text[at..] + text[at..],
                3 => text[..at] + string.Concat(Enumerable.Repeat(Splinters[dice.NextInt(Splinters.Length)], 1 + dice.NextInt(50))) + text[at..],
                _ => text[..at] + Splinters[dice.NextInt(Splinters.Length)] + text[at..],
            };
        }

        return text;
    }

    private static long Variable(string name, long otherwise) => long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out long value) ? value : otherwise;
}
