namespace GenCluster.Cli.CommandLine;

/// <summary>An expected failure: its message is one sentence for people, with a remedy, and nothing else is printed.</summary>
public sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
