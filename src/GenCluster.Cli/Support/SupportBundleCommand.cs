using System.CommandLine;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Doctor;
using GenCluster.Cli.Submission;

namespace GenCluster.Cli.Support;

/// <summary><c>gencluster support-bundle</c></summary>
internal sealed class SupportBundleCommand : Command, ITaught
{
    private readonly JournalChoice journal = new();
    private readonly Option<string?> runs = new("--runs") { Description = "Where run folders are, for their logs; default: where --journal is in one.", HelpName = "DIR" };
    private readonly Option<Uri?> server = new("--server") { Description = "The API of a coordinator, for what it says of its health.", HelpName = "URL", CustomParser = ServerOption.Parse };
    private readonly Option<string?> file = new("--to") { Description = "The file to write; default: gencluster-support-TIME.zip here.", HelpName = "FILE" };

    public SupportBundleCommand(CliPorts ports)
        : base("support-bundle", "Packs what a person needs who is to help: versions, settings, the last events, findings, logs. No secrets.")
    {
        journal.AddTo(this);
        Add(runs);
        Add(server);
        Add(file);
        SetAction((parsed, cancellation) => new SupportBundle(Read(parsed), ports).WriteAsync(cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster support-bundle --journal runs/quickstart/journal.db", "Look into it before you send it: it names paths, machines and metrics."),
    ];

    internal SupportSettings Read(ParseResult parsed)
    {
        var database = journal.Read(parsed);
        return new SupportSettings(database, parsed.GetValue(runs) ?? JournalChoice.RunsOf(database), parsed.GetValue(server), parsed.GetValue(file));
    }
}

/// <summary>What <c>gencluster support-bundle</c> was asked.</summary>
internal sealed record SupportSettings(JournalDatabase Database, string? Runs, Uri? Server, string? File);
