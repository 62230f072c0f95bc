using System.CommandLine;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Doctor;

namespace GenCluster.Cli.Replaying;

/// <summary><c>gencluster replay SWEEP [--verify]</c></summary>
internal sealed class ReplayCommand : Command, ITaught
{
    private readonly Argument<string> sweep = new("SWEEP") { Description = "The name of a sweep in the journal." };
    private readonly JournalChoice journal = new();
    private readonly Option<bool> verify = new("--verify")
    {
        Description = "Derive each proposal, ruling and move again from the events before it, and compare.",
    };

    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public ReplayCommand(CliPorts ports)
        : base("replay", "Lists what a sweep's algorithms decided, from its journal; --verify decides all of it again and compares.")
    {
        Add(sweep);
        journal.AddTo(this);
        Add(verify);
        Add(output);
        SetAction(parsed => new Replay(
            new ReplaySettings(journal.Read(parsed), parsed.GetRequiredValue(sweep), parsed.GetValue(verify), parsed.GetValue(output)), ports).Run());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster replay quickstart --journal runs/quickstart/journal.db", "Every proposal, ruling and move, with the number of its event. A running sweep does not mind."),
        new("gencluster replay vision --database-file /etc/gencluster/database --verify", "0: all comes out the same. 1: it names the first event that does not."),
    ];

    public string ExitCodes => "0  done, or all agrees    1  an event differs, or failed    2  wrong input";
}

/// <summary>What <c>gencluster replay</c> was asked.</summary>
internal sealed record ReplaySettings(JournalDatabase Database, string Sweep, bool Verify, OutputFormat Output);
