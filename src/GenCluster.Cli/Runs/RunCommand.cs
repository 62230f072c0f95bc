using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Runs;

/// <summary><c>gencluster run FILE</c></summary>
internal sealed class RunCommand : Command, ITaught
{
    private readonly Argument<string> file = new("FILE") { Description = "The sweep file." };
    private readonly Option<int?> workers =
        SharedOptions.Count("--workers", "Worker processes; default: as many as the sweep can use on this machine.", 1024);

    private readonly Option<string> runs = new("--runs")
    {
        Description = "Where run folders go; the sweep's is DIR/<its name>.",
        HelpName = "DIR",
        DefaultValueFactory = _ => RunSettings.DefaultRuns,
    };

    private readonly Option<int?> metricsPort =
        SharedOptions.Count("--metrics-port", "Port to serve the coordinator's metrics to Prometheus on, on loopback; default: none.", ushort.MaxValue);

    private readonly Option<bool> plain = new("--plain") { Description = "Print plain lines even on a terminal." };
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public RunCommand(CliPorts ports)
        : base("run", "Runs a sweep on this machine, or resumes it: the same line goes on where the last one stopped.")
    {
        Add(file);
        Add(workers);
        Add(runs);
        Add(plain);
        Add(output);
        Add(metricsPort);
        SetAction((parsed, _) => new RunSession(Read(parsed), ports).RunAsync());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster run configs/quickstart.yaml", "Run it; Ctrl-C stops after a checkpoint, the same line resumes."),
        new("gencluster run configs/quickstart.yaml --workers 1 --runs /tmp/try", "One worker, results in /tmp/try/quickstart."),
        new("gencluster run configs/quickstart.yaml --output json > result.json", "The leaderboard for a program; progress stays on the terminal."),
    ];

    internal RunSettings Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(file),
        parsed.GetValue(workers),
        parsed.GetValue(runs)!,
        parsed.GetValue(plain),
        parsed.GetValue(output))
    {
        MetricsPort = parsed.GetValue(metricsPort),
    };
}
