using System.IO.Compression;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Support;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Cli.Tests.Support;

/// <summary>What a support bundle holds, and above all what it does not.</summary>
public sealed class SupportBundleTests : IDisposable
{
    private const string Secret = "hunter2-and-more";
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Bench bench = new()
    {
        Http = new ScriptedServer(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"token={Secret}-of-the-server") }),
    };

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Holds_versions_settings_events_findings_logs_and_the_servers_pages_and_no_secret()
    {
        string folder = Path.Combine(bench.Runs, "fashion");
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        Directory.CreateDirectory(Path.Combine(folder, "trials"));
        var database = new JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        database.Prepare();
        database.Write(Journals.Story);
        database.Change("UPDATE journal SET message = x'93c1' WHERE manifest = 'sweep-resumed/1'");
        bench.Environment["GENCLUSTER_DATABASE"] = $"Host=db;Username=gencluster;Password={Secret}";
        bench.Environment["GENCLUSTER_SERVER"] = $"http://me:{Secret}@api:8080";
        bench.Environment["AWS_SECRET_ACCESS_KEY"] = Secret + "+aws";
        await File.WriteAllTextAsync(
            Path.Combine(folder, "logs", "coordinator.log"),
            $"a gang broke\nconnecting with Password={Secret}\nthe key is {Secret}+aws today\nAuthorization: Bearer {Secret}x\npostgres://u:{Secret}@db/x\n",
            TestContext.Current.CancellationToken);
        string breaks = Path.Combine(folder, "trials", "0001", "breaks");
        Directory.CreateDirectory(breaks);
        await File.WriteAllTextAsync(Path.Combine(breaks, "epoch-0001-member-0.log"), "waited for: 1", TestContext.Current.CancellationToken);
        string file = Path.Combine(bench.Folder, "bundle.zip");

        (await bench.RunAsync($"support-bundle --journal {Path.Combine(folder, "journal.db")} --server http://127.0.0.1:1 --to {file}")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe("/tmp/bundle.zip\n");
        var texts = Read(file);
        texts.Keys.ShouldBe(
        [
            "versions.json", "configuration.json", "events.jsonl", "findings.json", "logs/fashion/logs/coordinator.log",
            "logs/fashion/trials/0001/breaks/epoch-0001-member-0.log",
            "server/healthz.txt", "server/readyz.txt",
        ]);
        texts.Values.ShouldAllBe(text => !text.Contains(Secret, StringComparison.Ordinal));
        texts["versions.json"].ShouldContain("\"gencluster\":\"0.");
        texts["configuration.json"].ShouldContain("\"GENCLUSTER_DATABASE\":\"(set)\"");
        texts["configuration.json"].ShouldNotContain("AWS");
        string[] events = texts["events.jsonl"].TrimEnd().Split('\n');
        events.Length.ShouldBe(Journals.Story.Count);
        events[0].ShouldContain("\"manifest\":\"coordinator-started/1\",\"event\":{\"epoch\":1,");
        texts["events.jsonl"].ShouldContain("cannot be read: malformed");
        texts["findings.json"].ShouldContain("event-unreadable");
        texts["logs/fashion/logs/coordinator.log"].ShouldStartWith("a gang broke\n");
        texts["server/healthz.txt"].ShouldStartWith("200\n");
    }

    [Fact]
    public async Task Holds_the_last_thousand_events_of_many()
    {
        var database = new JournalDatabase.Sqlite(Path.Combine(bench.Folder, "journal.db"));
        database.Prepare();
        database.Write(Enumerable.Range(1, 1_050).Select(i => (Journals.Coordinator, (object)new Core.Coordination.CoordinatorStarted(i))));
        string file = Path.Combine(bench.Folder, "bundle.zip");

        (await bench.RunAsync($"support-bundle --journal {Path.Combine(bench.Folder, "journal.db")} --to {file}")).ShouldBe(ExitCode.Done);

        string[] events = Read(file)["events.jsonl"].TrimEnd().Split('\n');
        events.Length.ShouldBe(1_000);
        events[^1].ShouldContain("\"epoch\":1050");
    }

    [Theory]
    [InlineData("password: secret1", "password: ***")]
    [InlineData("\"apiKey\": \"abcd\"", "\"apiKey\": \"***\"")]
    [InlineData("s3://key:value@bucket/x", "s3://***@bucket/x")]
    [InlineData("the known one: opensesame!", "the known one: ***!")]
    [InlineData("AWS_SECRET_ACCESS_KEY=abc/def+1 next", "AWS_SECRET_ACCESS_KEY=*** next")]
    [InlineData("it was gct_W4jD3J7S9h2VavlK0fWGtjeDL_zVFEwpHeT04XRCBLg.", "it was ***.")]
    [InlineData("it was eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl!", "it was ***!")]
    [InlineData("trial 3 lost its token of trust", "trial 3 lost its token of trust")]
    [InlineData("swd 12.5 at step 300", "swd 12.5 at step 300")]
    public void Secrets_are_hidden_and_nothing_else(string text, string redacted) => new Redaction(["opensesame", "abc"]).Apply(text).ShouldBe(redacted);

    [Fact]
    public void A_secret_is_hidden_as_it_stands_in_JSON_too()
    {
        const string Awkward = "a+b&c<d\"ü-and-more";
        var redaction = new Redaction([Awkward]);

        redaction.Apply(JsonSerializer.Serialize(new { said = $"it is {Awkward}!" })).ShouldBe("""{"said":"it is ***!"}""");
        redaction.Apply(JsonSerializer.Serialize(new { said = $"it is {Awkward}!" }, Relaxed)).ShouldBe("""{"said":"it is ***!"}""");
        redaction.Apply($"it is {Awkward}!").ShouldBe("it is ***!");
    }

    private static Dictionary<string, string> Read(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        });
    }
}
