using System.CommandLine;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Serving;

/// <summary><c>gencluster migrate</c></summary>
internal sealed class MigrateCommand : Command, ITaught
{
    private readonly Option<string?> databaseFile = DatabaseOption.New();

    public MigrateCommand(CliPorts ports)
        : base("migrate", "Brings the schema of a PostgreSQL database up to this release. Repeating it changes nothing.")
    {
        Add(databaseFile);
        SetAction(parsed => Run(Read(parsed), ports));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster migrate --database-file /etc/gencluster/database", "Before the first coordinator of this release is started."),
    ];

    internal string? Read(ParseResult parsed) => parsed.GetValue(databaseFile);

    private static int Run(string? file, CliPorts ports)
    {
        var database = DatabaseFile.Find(file)
            ?? throw new CliException(ExitCode.WrongInput, $"a database is needed: give --database-file FILE, or set {DatabaseFile.Variable}");
        var added = database.Migrate();
        ports.Out.WriteLine(added.Count == 0 ? $"{database.Name}: up to date" : $"{database.Name}: added {string.Join(", ", added)}");
        return ExitCode.Done;
    }
}
