using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Runs;

/// <summary>What <c>gencluster run</c> was asked.</summary>
/// <param name="Workers">Null: as many as the sweep can use here.</param>
/// <param name="Runs">The folder that holds one folder per sweep.</param>
/// <param name="Plain">Lines instead of a live table.</param>
public sealed record RunSettings(string File, int? Workers, string Runs, bool Plain, OutputFormat Output)
{
    public const string DefaultRuns = "runs";

    /// <summary>The port of the coordinator's metrics on loopback; null: none.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>The command line that goes on with this run.</summary>
    public string ResumeLine
    {
        get
        {
            string line = $"gencluster run {Quote(File)}";
            if (Workers is { } workers)
                line += $" --workers {workers}";
            if (Runs != DefaultRuns)
                line += $" --runs {Quote(Runs)}";
            if (MetricsPort is { } port)
                line += $" --metrics-port {port}";
            return line;
        }
    }

    private static string Quote(string text) => text.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"' or '$' or '&' or ';')
        ? $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'"
        : text;
}
