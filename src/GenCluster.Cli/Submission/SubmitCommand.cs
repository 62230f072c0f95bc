using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;

namespace GenCluster.Cli.Submission;

/// <summary><c>gencluster submit FILE</c></summary>
internal sealed class SubmitCommand : Command, ITaught
{
    private readonly Argument<string> file = new("FILE") { Description = "The sweep file." };
    private readonly ServerOptions server = new();
    private readonly Option<bool> wait = new("--wait") { Description = "Follow the sweep, and end with its outcome." };
    private readonly Option<bool> edit = new("--edit") { Description = "If the sweep is there with another file, go on with this one, as 'edit' does." };
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public SubmitCommand(CliPorts ports)
        : base("submit", "Gives a sweep to a coordinator. The same file again changes nothing, or resumes a halted sweep.")
    {
        Add(file);
        server.AddTo(this);
        Add(wait);
        Add(edit);
        Add(output);
        SetAction((parsed, _) => new Submission(Read(parsed, ports), ports).RunAsync());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster submit configs/quickstart.yaml --server http://127.0.0.1:8080", "Submit it; it is in the journal when this ends."),
        new("gencluster submit configs/quickstart.yaml --wait", "Follow it to its end: 0 when it succeeded, 1 when it failed or halted."),
        new("gencluster submit sweep.yaml --edit --wait", "For scripts that are run again: submits it, or changes it to what the file says now, and follows it."),
    ];

    public string ExitCodes => ServerOption.ExitCodes;

    private SubmitSettings Read(ParseResult parsed, CliPorts ports) =>
        new(parsed.GetRequiredValue(file), server.Of(parsed, ports), parsed.GetValue(wait), parsed.GetValue(edit), parsed.GetValue(output));
}

/// <summary>What <c>gencluster submit</c> was asked.</summary>
internal sealed record SubmitSettings(string File, ServerAddress Server, bool Wait, bool Edit, OutputFormat Output);
