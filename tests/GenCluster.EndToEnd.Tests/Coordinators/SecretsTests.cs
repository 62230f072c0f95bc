using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using GenCluster.Certificates.Tests.Support;
using GenCluster.EndToEnd.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Coordinators;

/// <summary>A node and a worker with secrets that can be recognised: nothing that they write has one.</summary>
public sealed class SecretsTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Password = "marked-password-5f1c", CloudKey = "marked-cloud-key-77aa", Token = "marked-token-0b3d";

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["AWS_SECRET_ACCESS_KEY"] = CloudKey,
        ["GENCLUSTER_TOKEN"] = Token,
    };

    private readonly Papers papers = new();

    public void Dispose() => papers.Dispose();

    [Fact]
    public async Task Nothing_that_a_cluster_writes_has_a_secret_in_it()
    {
        await using var sandbox = new Sandbox("single", text => text.Replace("steps: 120", "steps: 40", StringComparison.Ordinal));
        string database = Path.Combine(papers.Folder, "database"), bundle = Path.Combine(papers.Folder, "bundle.zip");
        await File.WriteAllTextAsync(database, $"{await server.CreateDatabaseAsync()};Password={Password}", TestContext.Current.CancellationToken);
        var said = new List<string>();
        await SayAsync(said, "migrate", "--database-file", database);
        int port = FreePort();
        string[] tls = Tls("node");
        var node = sandbox.StartWith(["serve", "--port", $"{port}", "--http-port", $"{FreePort()}", "--database-file", database, .. tls], Environment);
        string api = (await node.SaysAsync("API at "))["API at ".Length..];
        var worker = sandbox.StartProgramWith(
            Programs.Worker, ["--runs", sandbox.Runs, "--device", "cpu", "--coordinator", CoordinatorCluster.Address(port), .. tls], Environment);

        await SayAsync(said, "submit", sandbox.File, "--server", api, "--wait");
        await SayAsync(said, "support-bundle", "--database-file", database, "--runs", sandbox.Runs, "--server", api, "--to", bundle);
        foreach (var process in (Gencluster[])[worker, node])
        {
            ProcessGroup.Signal(process.Id, ProcessGroup.Terminate);
            said.Add((await process.EndAsync()).ToString());
        }

        ShouldHideSecrets([.. said, .. FilesOf(sandbox.Runs), .. Entries(bundle)]);
        (await server.QueryAsync(DatabaseIn(database), "SELECT encode(message, 'escape') FROM journal")).ShouldNotContain(Password);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=" + Password)]
    [InlineData("postgres://u:" + Password + "@127.0.0.1/db")]
    [InlineData("Password=" + Password)]
    public async Task A_database_that_cannot_be_used_is_told_without_its_password(string connection)
    {
        string file = Path.Combine(papers.Folder, "database");
        await File.WriteAllTextAsync(file, connection, TestContext.Current.CancellationToken);

        await using var sandbox = new Sandbox("single");
        var node = await sandbox.StartWith(["serve", "--port", "0", "--database-file", file], Environment).EndAsync();
        var fromEnvironment = await sandbox.StartWith(["migrate"], new Dictionary<string, string>(Environment) { ["GENCLUSTER_DATABASE"] = connection }).EndAsync();

        node.Code.ShouldNotBe(0);
        fromEnvironment.Code.ShouldNotBe(0);
        ShouldHideSecrets([node.ToString(), fromEnvironment.ToString()]);
    }

    private void ShouldHideSecrets(IReadOnlyList<string> texts)
    {
        string[] secrets = [Password, CloudKey, Token, .. KeyLines()];

        texts.Count.ShouldBeGreaterThan(1);
        foreach (string secret in secrets)
            texts.Where(text => text.Contains(secret, StringComparison.Ordinal)).Select(text => text[..Math.Min(500, text.Length)]).ShouldBeEmpty($"'{secret}' is told");
    }

    /// <summary>Of every key that the test made.</summary>
    private string[] KeyLines() =>
        [.. Directory.EnumerateFiles(papers.Folder, "*.key").SelectMany(File.ReadAllLines).Where(line => !line.StartsWith('-') && line.Length > 0)];

    private static async Task SayAsync(List<string> said, params string[] arguments)
    {
        await using var command = Gencluster.StartProgram(Programs.Command, arguments, Environment);
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        said.Add(ending.ToString());
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)))];

    private static List<string> Entries(string bundle)
    {
        using var zip = ZipFile.OpenRead(bundle);
        var texts = new List<string>();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            texts.Add(reader.ReadToEnd());
        }

        return texts;
    }

    private string[] Tls(string name)
    {
        var files = papers.Node(name);
        return ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-ca", files.Authorities];
    }

    private static string DatabaseIn(string file) => File.ReadAllText(file).Split(';').Single(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
