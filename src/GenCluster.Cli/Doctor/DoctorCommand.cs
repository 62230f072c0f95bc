using System.CommandLine;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Doctor;

/// <summary><c>gencluster doctor</c></summary>
internal sealed class DoctorCommand : Command, ITaught
{
    private readonly JournalChoice journal = new();

    private readonly Option<string?> runs = new("--runs")
    {
        Description = "Where run folders are, to check the blobs of checkpoints; default: where --journal is in one.",
        HelpName = "DIR",
    };

    private readonly Option<bool> repair = new("--repair") { Description = "Mend what can be mended: the read model is made anew, abandoned temporary files go." };
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public DoctorCommand(CliPorts ports)
        : base("doctor", "Checks journal, checkpoints and read model against each other, and says what is wrong.")
    {
        journal.AddTo(this);
        Add(runs);
        Add(repair);
        Add(output);
        SetAction(parsed => new Visit(Read(parsed), ports).Run());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster doctor --journal runs/quickstart/journal.db", "0: all is well. 1: it says what is not. A running sweep does not mind."),
        new("gencluster doctor --database-file /etc/gencluster/database --runs /mnt/runs --repair", "Mends what it may; it never deletes what the journal names."),
    ];

    internal DoctorSettings Read(ParseResult parsed)
    {
        var database = journal.Read(parsed);
        return new DoctorSettings(database, parsed.GetValue(runs) ?? JournalChoice.RunsOf(database), parsed.GetValue(repair), parsed.GetValue(output));
    }
}

/// <summary>What <c>gencluster doctor</c> was asked.</summary>
/// <param name="Runs">Where run folders are; null: blobs are not checked.</param>
internal sealed record DoctorSettings(JournalDatabase Database, string? Runs, bool Repair, OutputFormat Output);
