using System.Net;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Configuration;
using GenCluster.Core.Placement;
using GenCluster.Monitoring;
using GenCluster.Server;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Serving;

/// <summary>What <c>gencluster serve</c> was asked.</summary>
/// <param name="PublicHost">How others reach this node; null: by <paramref name="Bind"/>.</param>
/// <param name="Seeds">All coordinator nodes; empty: this one alone.</param>
/// <param name="DatabaseFile">A file with the connection string of a PostgreSQL database.</param>
/// <param name="Journal">A SQLite file in place of a database.</param>
/// <param name="HttpPort">The port of the HTTP API on loopback, 0 for any; null: none.</param>
/// <param name="Log">A file for the coordinator's log; null: standard error.</param>
public sealed record ServeSettings(
    IPAddress Bind, int Port, string? PublicHost, IReadOnlyList<string> Seeds, string? DatabaseFile, string? Journal, int? HttpPort, string? Log)
{
    public const int DefaultPort = 4053;

    /// <summary>A file with quotas and weights of projects; null: there are none.</summary>
    public string? Projects { get; init; }

    /// <summary>Workers that are known to come; 0: nobody says.</summary>
    public int ExpectedWorkers { get; init; }

    /// <summary>Where metrics are served; null: nowhere.</summary>
    public MetricsAddress? Metrics { get; init; }

    /// <summary>The node as it is to be hosted.</summary>
    /// <exception cref="CliException">The settings do not go together.</exception>
    /// <exception cref="JournalException">The file with the connection string cannot be read.</exception>
    public CoordinatorOptions Options()
    {
        CheckSeeds();
        return new CoordinatorOptions
        {
            Journal = Database(),
            Bind = Bind,
            Port = Port,
            PublicHost = PublicHost,
            Seeds = Seeds,
            Projects = ReadProjects(),
            HasReadModel = true,
            Api = HttpPort is { } port ? new ApiOptions { Port = port } : null,
            ExpectedWorkers = ExpectedWorkers,
            Metrics = Metrics,
            Log = Log ?? CoordinatorOptions.StandardError,
        };
    }

    private JournalDatabase Database()
    {
        if (Journal is not null && DatabaseFile is not null)
            throw Wrong("--journal and --database-file do not go together: give the one for SQLite or the other for PostgreSQL");
        if (Journal is not null && Seeds.Count > 1)
            throw Wrong($"--journal is for one coordinator node, and {Seeds.Count} were named with --seed; several need PostgreSQL: give --database-file FILE");
        if (Journal is not null)
            return new JournalDatabase.Sqlite(Path.GetFullPath(Journal));
        return GenCluster.Actors.Persistence.DatabaseFile.Find(DatabaseFile)
            ?? throw Wrong($"a journal is needed: --journal FILE for SQLite, or --database-file FILE (or {GenCluster.Actors.Persistence.DatabaseFile.Variable}) for PostgreSQL");
    }

    private ProjectRules ReadProjects()
    {
        if (Projects is null)
            return ProjectRules.None;
        var file = ProjectsFile.Load(Projects);
        return file.Rules ?? throw Wrong(string.Join('\n', file.Diagnostics));
    }

    private void CheckSeeds()
    {
        if (PublicHost is null && (Bind.Equals(IPAddress.Any) || Bind.Equals(IPAddress.IPv6Any)))
            throw Wrong($"others cannot reach a node by {Bind}: say with --public-host by what name or address they can");
        if (Seeds.Count == 0)
            return;
        if (Seeds.FirstOrDefault(seed => !CoordinatorAddress.IsValid(seed)) is { } odd)
            throw Wrong($"--seed: '{odd}' is not the address of a coordinator node; give one like {CoordinatorAddress.Of("10.0.0.1", DefaultPort)}");
        if (Seeds.Distinct(StringComparer.Ordinal).Count() % 2 == 0)
            throw Wrong($"{Seeds.Count} coordinator nodes have no majority when one is gone; name 1, 3 or 5 with --seed");
        string own = CoordinatorAddress.Of(PublicHost ?? Bind.ToString(), Port);
        if (!Seeds.Contains(own))
            throw Wrong($"this node is {own}, which is not among the nodes named with --seed; every node is given the same list of all of them, itself included");
    }

    private static CliException Wrong(string message) => new(ExitCode.WrongInput, message);
}
