using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using GenCluster.Certificates.Tests.Support;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Coordinators;

/// <summary>A coordinator and workers under TLS, all real processes, with certificates made for the test.</summary>
public sealed partial class SecureClusterTests(Controls controls) : IDisposable
{
    private readonly Papers ours = new(), theirs = new("theirs");

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public async Task A_trial_under_tls_ends_with_the_same_weights_and_a_worker_of_another_authority_never_attaches()
    {
        await using var sandbox = new Sandbox("gang", text => text.Replace("{workers: {min: 1, max: 3}}", "{transport: tcp, workers: {min: 2, max: 2}}", StringComparison.Ordinal));
        int port = FreePort();
        var node = sandbox.StartWith(
            ["serve", "--port", $"{port}", "--http-port", $"{FreePort()}", "--journal", Path.Combine(ours.Folder, "journal.db"), .. Tls(ours, "coordinator")]);
        string api = (await node.SaysAsync("API at "))["API at ".Length..];
        var stranger = StartWorker(sandbox, port, "stranger", Tls(theirs, "stranger"));
        string[] tls = Tls(ours, "worker");
        Gencluster[] workers = [StartWorker(sandbox, port, "one", tls), StartWorker(sandbox, port, "two", tls)];

        await using var submission = Gencluster.Start("submit", sandbox.File, "--server", api, "--wait");
        var ending = await submission.EndAsync();

        ending.Code.ShouldBe(0, ending.ToString());
        HashesOf(workers).ShouldBe([HashOf((await controls.OfAsync("gang")).Leaderboard)]);
        await node.SaysAsync("is refused: none of the authorities in --tls-ca vouches for it (UnknownAuthority, ");
        stranger.Transcript().ShouldNotContain("attached to");
        stranger.Transcript().ShouldContain("is refused: none of the authorities in --tls-ca vouches for it");
        workers.ShouldAllBe(worker => worker.Transcript().Contains("attached to"));
        ProcessGroup.Signal(node.Id, ProcessGroup.Terminate);
        (await node.EndAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_node_and_a_worker_that_others_can_reach_do_not_start_without_tls()
    {
        var node = await Gencluster.RunAsync("serve", "--bind", "0.0.0.0", "--public-host", "node", "--journal", Path.Combine(ours.Folder, "x.db"));
        await using var starting = Gencluster.StartProgram(Programs.Worker, ["--coordinator", "akka.tcp://gencluster@127.0.0.1:1", "--bind", "0.0.0.0"]);
        var worker = await starting.EndAsync();

        node.Code.ShouldBe(2, node.ToString());
        worker.Code.ShouldBe(2, worker.ToString());
        const string Sentence = "--bind 0.0.0.0 is reached from other machines, and without TLS whoever reaches it may give orders to this cluster";
        node.Errors.ShouldHaveSingleItem().ShouldStartWith($"gencluster: {Sentence}");
        worker.Errors.ShouldHaveSingleItem().ShouldStartWith($"gencluster-worker: {Sentence}");
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_told_at_start_with_its_file_and_date()
    {
        var files = ours.Node("late", from: -20, until: -1);
        string[] tls = ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-ca", files.Authorities];

        var node = await Gencluster.RunAsync(["serve", "--journal", Path.Combine(ours.Folder, "x.db"), .. tls]);
        await using var starting = Gencluster.StartProgram(Programs.Worker, ["--coordinator", "akka.tcp://gencluster@127.0.0.1:1", .. tls]);
        var worker = await starting.EndAsync();

        string sentence = $"the certificate in {files.Certificate} expired on {ours.Now.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        node.Code.ShouldBe(1, node.ToString());
        node.Errors.ShouldHaveSingleItem().ShouldStartWith($"gencluster: {sentence}");
        worker.Code.ShouldBe(2, worker.ToString());
        worker.Errors.ShouldHaveSingleItem().ShouldStartWith($"gencluster-worker: {sentence}");
    }

    private static Gencluster StartWorker(Sandbox sandbox, int port, string name, string[] tls) => sandbox.StartProgramWith(
        Programs.Worker, ["--name", name, "--runs", sandbox.Runs, "--device", "cpu", "--coordinator", CoordinatorCluster.Address(port), .. tls]);

    private static string[] Tls(Papers papers, string name)
    {
        var files = papers.Node(name);
        return ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-ca", files.Authorities];
    }

    private static string HashOf(string leaderboard) => Hash().Match(leaderboard).Value;

    /// <summary>What the workers say that they ended with.</summary>
    private static string[] HashesOf(IEnumerable<Gencluster> workers) =>
        [.. workers.Select(worker => Hash().Match(worker.Transcript()).Value).Where(hash => hash.Length > 0).Distinct()];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();
}
