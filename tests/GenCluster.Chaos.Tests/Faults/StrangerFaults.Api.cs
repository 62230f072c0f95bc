using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>What strangers ask of the API.</summary>
internal static partial class StrangerFaults
{
    private const int Pairs = 8, Addresses = 7;
    private static readonly TimeSpan TellingTime = TimeSpan.FromMilliseconds(5);

    /// <summary>Without a token, with tokens that are nobody's, and with one that has too small a role. Each from an address of its own, by which its line is found.</summary>
    private static async Task AskAsync(Service service, string tokens, Token ci, Token eve, Token gone, Func<int, HttpClient> client)
    {
        using (var http = client(10))
        {
            (await StatusAsync(http, gone.Text)).ShouldBe(200);
            await File.WriteAllLinesAsync(tokens, [ci.Line, eve.Line]);
            await Eventually.Holds(() => StatusAsync(http, gone.Text).GetAwaiter().GetResult() == 401, "the end of a token that was taken away", TimeSpan.FromSeconds(10));
        }

        (string? Token, string Why)[] strangers =
        [
            (null, "Missing"),
            ("gct_" + new string('A', 43), "Unknown"),
            (ci.Text[..^1], "Unknown"),
            (ci.Text[..8], "Unknown"),
            (ci.Wrong, "Unknown"),
            (gone.Text, "Unknown"),
            (Base64Url.EncodeToString("""{"alg":"none"}"""u8) + "." + Base64Url.EncodeToString("""{"aud":"another","exp":1}"""u8) + ".", "Unknown"),
            ("two words", "Malformed"),
        ];
        for (int i = 0; i < strangers.Length; i++)
        {
            using var http = client(11 + i);
            (await StatusAsync(http, strangers[i].Token)).ShouldBe(401);
            await AuditedAsync(service, 11 + i, 401, $"\"why\":\"{strangers[i].Why}\"");
        }

        using var viewer = client(30);
        (await StatusAsync(viewer, eve.Text)).ShouldBe(200);
        (await StatusAsync(viewer, eve.Text, HttpMethod.Post)).ShouldBe(403);
        await AuditedAsync(service, 30, 403, "\"who\":\"eve\"");
        service.Node.Transcript().ShouldNotContain(ci.Text[4..]);
    }

    private static Task<string> AuditedAsync(Service service, int from, int status, string more) => service.Node.SaysAsync(
        line => line.Contains("Audit", StringComparison.Ordinal)
            && new[] { "\"event\":\"refusal\"", $"\"from\":\"127.0.0.{from}\"", $"\"status\":{status}", more }.All(part => line.Contains(part, StringComparison.Ordinal)),
        $"a line of the audit trail about 127.0.0.{from}");

    /// <summary>How long a refusal takes does not tell how near a token was. By turns, so that what else the machine does is the same for both.</summary>
    private static async Task CompareAsync(Arena arena, Token known, Func<int, HttpClient> client)
    {
        string unknown = "gct_" + new string('B', 43);
        List<double> far = [], near = [];
        for (int from = 40; from < 40 + Addresses; from++) // one alone would soon be told to wait
        {
            using var http = client(from);
            await StatusAsync(http, unknown);
            for (int pair = 0; pair < Pairs; pair++)
            {
                far.Add(await TimeAsync(http, unknown));
                near.Add(await TimeAsync(http, known.Wrong));
            }
        }

        arena.Note(string.Create(CultureInfo.InvariantCulture, $"refused after {Median(far):0.00} and {Median(near):0.00} ms"));
        Math.Abs(Median(far) - Median(near)).ShouldBeLessThan(TellingTime.TotalMilliseconds);
    }

    private static async Task<double> TimeAsync(HttpClient http, string token)
    {
        long start = Stopwatch.GetTimestamp();
        (await StatusAsync(http, token)).ShouldBe(401);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<int> StatusAsync(HttpClient http, string? token, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/api/v1/sweeps");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static HttpClient ClientAt(Uri api, string authorities, int from) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, _) => await Wire.OpenAsync(api.Port, from),
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authorities) },
    })
    {
        BaseAddress = api,
        DefaultRequestVersion = HttpVersion.Version11,
    };

    /// <summary>A token, and its line for the server's file.</summary>
    private sealed record Token(string Text, string Line)
    {
        /// <summary>The same but for the last letter.</summary>
        public string Wrong => Text[..^1] + (Text[^1] == 'A' ? 'B' : 'A');

        public static async Task<Token> NewAsync(string name, string role)
        {
            var ending = await Gencluster.RunAsync("token", "new", name, "--role", role);
            ending.Code.ShouldBe(0, ending.ToString());
            return new Token(ending.Output[0], ending.Errors[^1]);
        }
    }
}
