using System.CommandLine;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Serving;

namespace GenCluster.Cli.Doctor;

/// <summary>The options by which a command is told which journal it is about.</summary>
internal sealed class JournalChoice
{
    private readonly Option<string?> journal = new("--journal") { Description = "A SQLite journal, like runs/NAME/journal.db.", HelpName = "FILE" };

    private readonly Option<string?> databaseFile = DatabaseOption.New();

    public void AddTo(Command command)
    {
        command.Add(journal);
        command.Add(databaseFile);
    }

    /// <exception cref="CliException">None was named, or two, or there is no such file.</exception>
    public JournalDatabase Read(ParseResult parsed)
    {
        string? file = parsed.GetValue(journal), database = parsed.GetValue(databaseFile);
        if (file is not null && database is not null)
            throw Wrong("--journal and --database-file do not go together: give one of them");
        if (file is null)
            return DatabaseFile.Find(database) ?? throw Wrong($"which journal? Give --journal FILE, or --database-file FILE (or {DatabaseFile.Variable})");
        return File.Exists(file)
            ? new JournalDatabase.Sqlite(Path.GetFullPath(file))
            : throw Wrong($"there is no journal {file}; check the path");
    }

    /// <summary>The folder above a run folder: <c>runs</c> of <c>runs/NAME/journal.db</c>, when there are trials beside the journal.</summary>
    public static string? RunsOf(JournalDatabase database) =>
        database is JournalDatabase.Sqlite { Path: var path } && Path.GetDirectoryName(path) is { } folder && Directory.Exists(Path.Combine(folder, "trials"))
            ? Path.GetDirectoryName(folder)
            : null;

    private static CliException Wrong(string message) => new(ExitCode.WrongInput, message);
}
