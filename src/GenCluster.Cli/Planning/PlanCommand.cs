using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Planning;

/// <summary><c>gencluster plan FILE</c></summary>
internal sealed class PlanCommand : Command, ITaught
{
    private readonly Argument<string> file = new("FILE") { Description = "The sweep file." };
    private readonly Option<int?> first = SharedOptions.Count("--first", $"Configurations to show; default: {PlanSettings.DefaultFirst}.", 1_000_000);
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public PlanCommand(CliPorts ports)
        : base("plan", "Shows what a sweep would run: how many trials, the first configurations, what each one trains.")
    {
        Add(file);
        Add(first);
        Add(output);
        SetAction(parsed => Plan.Run(Read(parsed), ports));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster plan configs/quickstart.yaml", "Trial count, first configurations and the work of each."),
        new("gencluster plan configs/quickstart.yaml --first 20 --output json", "The same for a program."),
    ];

    internal PlanSettings Read(ParseResult parsed) =>
        new(parsed.GetRequiredValue(file), parsed.GetValue(first) ?? PlanSettings.DefaultFirst, parsed.GetValue(output));
}
