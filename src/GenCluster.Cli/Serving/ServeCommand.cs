using System.CommandLine;
using System.Net;
using GenCluster.Cli.CommandLine;
using GenCluster.Monitoring;

namespace GenCluster.Cli.Serving;

/// <summary><c>gencluster serve</c></summary>
internal sealed class ServeCommand : Command, ITaught
{
    private readonly Option<IPAddress> bind = SharedOptions.Address("--bind", "Address to listen on.");

    private readonly Option<int?> port = SharedOptions.Count("--port", $"Port to listen on; default: {ServeSettings.DefaultPort}.", ushort.MaxValue);

    private readonly Option<string?> publicHost = new("--public-host")
    {
        Description = "Name or address by which workers and other nodes reach this one; default: the --bind address.",
        HelpName = "HOST",
    };

    private readonly Option<string[]> seeds = new("--seed")
    {
        Description = "Address of a coordinator node. Give it once for each of 1 or 3 nodes, this one included, in the same order on each.",
        HelpName = "NODE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> databaseFile = DatabaseOption.New();

    private readonly Option<string?> journal = new("--journal")
    {
        Description = "A SQLite file in place of PostgreSQL, for one node alone.",
        HelpName = "FILE",
    };

    private readonly Option<int?> httpPort = SharedOptions.Count("--http-port", "Port of the HTTP API, on loopback; default: no API.", ushort.MaxValue);

    private readonly Option<int?> metricsPort =
        SharedOptions.Count("--metrics-port", "Port to serve metrics to Prometheus on, and /healthz; default: none.", ushort.MaxValue);

    private readonly Option<IPAddress> metricsBind = SharedOptions.Address("--metrics-bind", "Address to serve metrics on; whoever reaches it may read them.");

    private readonly Option<int?> expectedWorkers = SharedOptions.Count(
        "--expected-workers", "Workers that are known to come: placement waits up to 10 s for them, and metrics tell how many are missing.", 100_000);

    private readonly Option<string?> log = new("--log") { Description = "A file for the log; default: standard error.", HelpName = "FILE" };

    private readonly Option<string?> projects = new("--projects")
    {
        Description = "A file with quotas and weights of projects, the same on each node.",
        HelpName = "FILE",
    };

    public ServeCommand(CliPorts ports)
        : base("serve", "Hosts a coordinator node until it is told to leave: one of one, or one of three of which any may fail.")
    {
        Add(bind);
        Add(port);
        Add(publicHost);
        Add(seeds);
        Add(databaseFile);
        Add(journal);
        Add(projects);
        Add(httpPort);
        Add(metricsPort);
        Add(metricsBind);
        Add(expectedWorkers);
        Add(log);
        SetAction((parsed, _) => new Serving(Read(parsed), ports).RunAsync());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster serve --journal gencluster.db", "One coordinator on this machine, with a SQLite file."),
        new("gencluster serve --bind 10.0.0.1 --database-file /etc/gencluster/database --seed akka.tcp://gencluster@10.0.0.1:4053 "
            + "--seed akka.tcp://gencluster@10.0.0.2:4053 --seed akka.tcp://gencluster@10.0.0.3:4053",
            "The first of three; on the others only --bind differs. SIGTERM hands the coordinator over to another."),
        new("gencluster-worker --coordinator akka.tcp://gencluster@10.0.0.1:4053 --coordinator akka.tcp://gencluster@10.0.0.2:4053 "
            + "--coordinator akka.tcp://gencluster@10.0.0.3:4053 --bind 10.0.0.7",
            "A worker on 10.0.0.7, which finds the node that the coordinator is on."),
    ];

    public string ExitCodes => "0  left cleanly    1  failed    2  wrong input    3  put out by the other nodes    4  could not join them";

    internal ServeSettings Read(ParseResult parsed) => new(
        parsed.GetValue(bind)!,
        parsed.GetValue(port) ?? ServeSettings.DefaultPort,
        parsed.GetValue(publicHost),
        parsed.GetValue(seeds)!,
        parsed.GetValue(databaseFile),
        parsed.GetValue(journal),
        parsed.GetValue(httpPort),
        parsed.GetValue(log))
    {
        Projects = parsed.GetValue(projects),
        ExpectedWorkers = parsed.GetValue(expectedWorkers) ?? 0,
        Metrics = parsed.GetValue(metricsPort) is { } served ? new MetricsAddress(parsed.GetValue(metricsBind)!, served) : null,
    };
}
