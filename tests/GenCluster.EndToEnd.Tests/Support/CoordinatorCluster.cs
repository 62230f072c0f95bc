using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using GenCluster.TestServers;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>
/// Three coordinator nodes on one PostgreSQL, and workers: all real processes on loopback. The sandbox gives the sweep
/// file and the folder of runs, and ends the processes.
/// </summary>
internal sealed partial class CoordinatorCluster
{
    private readonly PostgresServer server;
    private readonly Sandbox sandbox;
    private readonly string database;
    private readonly string databaseFile;
    private readonly IReadOnlyDictionary<string, string>? environment;
    private readonly Dictionary<int, Gencluster> nodes = [];

    private CoordinatorCluster(PostgresServer server, Sandbox sandbox, string connection, IReadOnlyDictionary<string, string>? environment)
    {
        this.server = server;
        this.sandbox = sandbox;
        this.environment = environment;
        database = DatabaseIn().Match(connection).Groups["name"].Value;
        databaseFile = sandbox.File + ".database";
        File.WriteAllText(databaseFile, connection);
        Ports = FreePorts(3);
    }

    public IReadOnlyList<int> Ports { get; }

    /// <param name="environment">For nodes and workers.</param>
    public static async Task<CoordinatorCluster> StartAsync(
        PostgresServer server, Sandbox sandbox, int workers, int nodes = 3, IReadOnlyDictionary<string, string>? environment = null)
    {
        var cluster = new CoordinatorCluster(server, sandbox, await server.CreateDatabaseAsync(), environment);
        var migration = await Gencluster.RunAsync("migrate", "--database-file", cluster.databaseFile);
        migration.Code.ShouldBe(0, migration.ToString());
        foreach (int port in cluster.Ports.Take(nodes))
            cluster.StartNode(port);
        for (int n = 1; n <= workers; n++)
            cluster.StartWorker($"worker-{n}");
        foreach (var node in cluster.nodes.Values)
            await node.SaysAsync("joined the other coordinator nodes"); // whoever is lost before there are three leaves no majority
        if (nodes > 0)
            await cluster.ActiveAsync(after: 0);
        return cluster;
    }

    public Gencluster Node(int port) => nodes[port];

    /// <summary>What the nodes have said last, for whoever asks why something did not happen.</summary>
    public string Transcript(int lines = 60) => string.Join('\n', Ports.Select(port =>
        $"--- node {port}{(nodes[port].HasExited ? ", which has ended" : "")}\n{string.Join('\n', nodes[port].Transcript().Split('\n').TakeLast(lines))}"));

    public void StartNode(int port) => nodes[port] = sandbox.StartWith(
        ["serve", "--port", $"{port}", "--database-file", databaseFile, .. Ports.SelectMany(p => new[] { "--seed", Address(p) })],
        environment);

    /// <summary>The port of the node that took office last, and its epoch; waits for one after the given epoch.</summary>
    public async Task<(int Port, int Epoch)> ActiveAsync(int after)
    {
        (int Port, int Epoch) active = default;
        await Eventually.Holds(() => (active = Newest()).Epoch > after, $"an epoch after {after}");
        return active;
    }

    /// <summary>How many events of a kind the journal holds.</summary>
    public int Count(string manifest) => int.Parse(Query($"SELECT count(*) FROM journal WHERE manifest = '{manifest}'"), CultureInfo.InvariantCulture);

    /// <summary>What the database answers.</summary>
    public string Query(string sql) => server.QueryAsync(database, sql).GetAwaiter().GetResult();

    /// <summary>Hands the sandbox's sweep in.</summary>
    public Task SubmitAsync() => Submission.SubmitAsync(sandbox.File, Ports.Select(Address));

    public static string Address(int port) => $"akka.tcp://gencluster@127.0.0.1:{port}";

    public Gencluster StartWorker(string name) => sandbox.StartProgramWith(
        Programs.Worker, ["--name", name, "--runs", sandbox.Runs, "--device", "cpu", .. Ports.SelectMany(p => new[] { "--coordinator", Address(p) })],
        environment);

    private (int Port, int Epoch) Newest()
    {
        string[] rows = Query("SELECT encode(message, 'escape') FROM journal WHERE manifest = 'coordinator-started/1' ORDER BY ordering")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return rows.Length == 0 ? default : (int.Parse(PortIn().Match(rows[^1]).Groups["port"].Value, CultureInfo.InvariantCulture), rows.Length);
    }

    /// <summary>Ports of loopback that nobody has.</summary>
    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    [GeneratedRegex("Database=(?<name>[^;]+)")]
    private static partial Regex DatabaseIn();

    [GeneratedRegex(@"127\.0\.0\.1:(?<port>\d+) \(")]
    private static partial Regex PortIn();
}
