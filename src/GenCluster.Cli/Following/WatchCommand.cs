using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Submission;

namespace GenCluster.Cli.Following;

/// <summary><c>gencluster watch SWEEP</c></summary>
internal sealed class WatchCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep." };
    private readonly ServerOptions server = new();
    private readonly Option<bool> plain = new("--plain") { Description = "Print plain lines even on a terminal." };
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public WatchCommand(CliPorts ports)
        : base("watch", "Shows a sweep of a coordinator while it runs, and ends with its outcome. Ctrl-C ends the watching alone.")
    {
        Add(sweep);
        server.AddTo(this);
        Add(plain);
        Add(output);
        SetAction((parsed, _) => new Watch(
            new WatchSettings(parsed.GetRequiredValue(sweep), server.Of(parsed, ports), parsed.GetValue(plain), parsed.GetValue(output)), ports).RunAsync());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster watch quickstart", "A live table, as 'run' has it; what happens while the line is down is made up for."),
        new("gencluster watch quickstart --plain --output json > result.json", "A line for each event, and in the end the sweep for a program."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;
}
