using System.Net;
using System.Text;
using GenCluster.Server.Tests.Support;
using static GenCluster.Server.Tests.Access.GuardedServer;

namespace GenCluster.Server.Tests.Access;

/// <summary>Requests that are made to break their reader, from callers who may send them.</summary>
public sealed class InputAttackTests(GuardedServer server) : IClassFixture<GuardedServer>
{
    private string Head => $"Host: {server.Host}\r\nConnection: close\r\nAuthorization: Bearer {Submitter}\r\n";

    [Attack(22, "asks for a file by a path with '..', plain, encoded or encoded twice", "404, and no file is ever opened by a client's words")]
    public async Task No_path_of_a_client_leads_to_a_file()
    {
        foreach (string path in new[] { "/../../etc/passwd", "/api/v1/sweeps/../../../etc/passwd", "/api/v1/sweeps/..%2f..%2fetc%2fpasswd", "/api/v1/sweeps/%252e%252e%252fetc%252fpasswd", "/api/v1/sweeps/..%5c..%5cetc%5cpasswd" })
        {
            string text = (await server.SendsAsync($"GET {path} HTTP/1.1\r\n{Head}\r\n")).Text;
            text.ShouldStartWith("HTTP/1.1 404");
            text.ShouldNotContain("root:");
        }

        await server.RefusesAsync([400, 404], $"POST /api/v1/sweeps/%00/pause HTTP/1.1\r\n{Head}Content-Length: 0\r\n\r\n");
        await server.RefusesAsync([404], $"POST /api/v1/sweeps/..%2f..%2fjournal/pause HTTP/1.1\r\n{Head}Content-Length: 0\r\n\r\n");
    }

    [Attack(23, "names a sweep so that its name leads out of a folder", "400 or 422, before anything has that name")]
    public async Task A_name_that_is_a_path_is_no_name()
    {
        foreach (string name in new[] { "../../etc", "a/b", "'.'", "'a\\0b'" })
        {
            var request = Request("POST", Sweeps, Submitter, SweepYaml.Replace("name: shirts", $"name: {name}", StringComparison.Ordinal));
            await server.RefusesAsync(HttpStatusCode.BadRequest, request, line => line is { Who: "ci", Code: "mistakes-in-file" });
        }
    }

    [Attack(24, "sends a body that is too large, said or not", "413")]
    public async Task A_body_that_is_too_large_is_not_read()
    {
        await server.RefusesAsync([413], $"POST {Sweeps} HTTP/1.1\r\n{Head}Content-Type: application/yaml\r\nContent-Length: 10000000000\r\n\r\n", line => line.Code == "too-large");
        string chunk = $"{0x40000:x}\r\n{new string(' ', 0x40000)}\r\n";
        await server.RefusesAsync([413], $"POST {Sweeps} HTTP/1.1\r\n{Head}Content-Type: application/yaml\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}0\r\n\r\n", line => line.Code == "too-large");
    }

    [Attack(25, "sends the body of a request slower than any line is", "408")]
    public Task A_body_that_never_comes_is_not_waited_for() =>
        server.RefusesAsync([408], $"POST {Sweeps} HTTP/1.1\r\n{Head}Content-Type: application/yaml\r\nContent-Length: 1000\r\n\r\nn", line => line.Who == "ci");

    [Attack(26, "sends the head of a request and never ends it (slowloris)", "408, or the connection is closed")]
    public async Task A_head_that_never_ends_is_not_waited_for()
    {
        var (status, _) = await server.SendsAsync($"GET {Sweeps} HTTP/1.1\r\n{Head}X-Slow: ");

        status.ShouldBeOneOf(408, 0);
        (await server.AnswersAsync(Request("GET", Sweeps, Viewer))).ShouldBe(HttpStatusCode.OK);
    }

    [Attack(27, "sends headers that are too many or too large", "431")]
    public async Task Headers_have_bounds()
    {
        await server.RefusesAsync([431], $"GET {Sweeps} HTTP/1.1\r\n{Head}X-Large: {new string('a', 20_000)}\r\n\r\n");
        await server.RefusesAsync([431], $"GET {Sweeps} HTTP/1.1\r\n{Head}{string.Concat(Enumerable.Range(0, 300).Select(i => $"X-{i}: a\r\n"))}\r\n");
        await server.RefusesAsync([414], $"GET /{new string('a', 20_000)} HTTP/1.1\r\n{Head}\r\n");
    }

    [Attack(28, "says the length of a body twice, or writes a header that two readers read differently (smuggling)", "400")]
    public async Task What_two_readers_could_read_differently_is_no_request()
    {
        await server.RefusesAsync([400], $"POST {Sweeps} HTTP/1.1\r\n{Head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef");
        await server.RefusesAsync([400], $"GET {Sweeps} HTTP/1.1\r\n{Head}X-Bad : 1\r\n\r\n");
        await server.RefusesAsync([400], $"GET {Sweeps} HTTP/1.1\r\n{Head}Host: evil.example\r\n\r\n");
        await server.RefusesAsync([400], $"GET http://evil.example{Sweeps} HTTP/1.1\r\n{Head}\r\n");
        await server.RefusesAsync([400], $"GET {Sweeps} HTTP/1.1\r\nAuthorization: Bearer {Viewer}\r\nConnection: close\r\n\r\n");
    }

    [Attack(29, "sends JSON or YAML that is nested a hundred thousand deep", "400, in the same process")]
    public async Task Depth_has_a_bound()
    {
        foreach (string bomb in new[] { new string('[', 100_000), $"a: {new string('{', 100_000)}", string.Concat(Enumerable.Repeat("{\"a\":", 40_000)) })
            await server.RefusesAsync(HttpStatusCode.BadRequest, Request("POST", Sweeps, Submitter, bomb), line => line.Code == "mistakes-in-file");
    }

    [Attack(30, "sends a file that grows when it is read: aliases of aliases", "400")]
    public Task Aliases_do_not_grow() => server.RefusesAsync(
        HttpStatusCode.BadRequest,
        Request("POST", Sweeps, Submitter, "a: &a [x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefgh".Select((c, i) => $"{c}: &{c} [*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)}]\n"))),
        line => line.Code == "mistakes-in-file");

    [Attack(31, "writes a key twice, for a check to see one value and the sweep another", "400")]
    public Task A_key_stands_once() => server.RefusesAsync(
        HttpStatusCode.BadRequest,
        Request("POST", Sweeps, Submitter, SweepYaml + "\ntrainable: {command: [/tmp/mine]}\n"),
        line => line.Code == "mistakes-in-file");

    [Attack(32, "sends a sweep as a form or as text, which a page may do without being asked", "415")]
    public async Task A_sweep_comes_as_yaml_or_not_at_all()
    {
        foreach (string type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data" })
            await server.RefusesAsync(HttpStatusCode.UnsupportedMediaType, Request("POST", Sweeps, Submitter, change: r => r.Content = new StringContent(SweepYaml, Encoding.UTF8, type)), line => line.Code == "not-yaml");
    }

    [Attack(33, "writes line breaks and escapes into names, to forge lines of the log", "one line, in which they are text")]
    public async Task No_name_breaks_a_line_of_the_log()
    {
        long mark = server.MarkLog();
        await server.RefusesAsync(
            HttpStatusCode.NotFound,
            Request("POST", $"{Sweeps}/x%0d%0a00:00:00.000%20[WARNING]%20Audit:%20%7b%22event%22:%22change%22,%22who%22:%22root%22%7d%1b[2J/pause", Submitter),
            line => line.Who == "ci" && line.Path!.Contains("\r\n00:00:00.000 [WARNING] Audit: ", StringComparison.Ordinal));
        await server.RefusesAsync([400], $"POST {Sweeps}/fashion/pause HTTP/1.1\r\n{Head}GenCluster-Reason: {new string('x', 201)}\r\nContent-Length: 0\r\n\r\n", line => line.Reason is null);

        await server.LineAsync(mark, line => line.Who == "ci");
        string log = await server.LogAsync();
        log.Split('\n').ShouldNotContain(l => l.StartsWith("00:00:00.000", StringComparison.Ordinal));
        log.ShouldNotContain("\u001b");
    }
}
