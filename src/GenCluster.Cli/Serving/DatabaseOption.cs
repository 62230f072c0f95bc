using System.CommandLine;
using GenCluster.Actors.Persistence;

namespace GenCluster.Cli.Serving;

/// <summary><c>--database-file FILE</c>, where a command needs a PostgreSQL database.</summary>
internal static class DatabaseOption
{
    public static Option<string?> New() => new("--database-file")
    {
        Description = $"A file with the connection string of a PostgreSQL database, like {DatabaseFile.Example}; default: what is in {DatabaseFile.Variable}.",
        HelpName = "FILE",
    };
}
