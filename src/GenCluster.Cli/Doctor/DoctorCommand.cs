using System.CommandLine;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Core.Checkpoints;

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

    private readonly Option<string?> checkpoints = CheckpointsOption.New();
    private readonly Option<bool> repair = new("--repair")
    {
        Description = "Mend what can be mended: the read model is made anew, abandoned temporary files go. "
            + "A coordinator on the same SQLite file cannot write while rows are replaced: with a large journal, stop it first.",
    };

    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public DoctorCommand(CliPorts ports)
        : base("doctor", "Checks journal, checkpoints and read model against each other, and says what is wrong.")
    {
        journal.AddTo(this);
        Add(runs);
        Add(checkpoints);
        Add(repair);
        Add(output);
        SetAction(parsed => new Visit(Read(parsed, ports), ports).Run());
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster doctor --journal runs/quickstart/journal.db", "0: all is well. 1: it says what is not. A running sweep does not mind."),
        new("gencluster doctor --database-file /etc/gencluster/database --runs /mnt/runs --repair", "Mends what it may; it never deletes what the journal names."),
    ];

    internal DoctorSettings Read(ParseResult parsed, CliPorts ports)
    {
        var database = journal.Read(parsed);
        return new DoctorSettings(
            database,
            parsed.GetValue(runs) ?? JournalChoice.RunsOf(database),
            CheckpointsOption.Of(parsed.GetValue(checkpoints), ports),
            parsed.GetValue(repair),
            parsed.GetValue(output));
    }
}

/// <summary>What <c>gencluster doctor</c> was asked.</summary>
/// <param name="Runs">Where run folders are; null when nobody knows.</param>
/// <param name="Checkpoints">Where checkpoints are; null: in the run folders.</param>
internal sealed record DoctorSettings(JournalDatabase Database, string? Runs, CheckpointAddress? Checkpoints, bool Repair, OutputFormat Output);
