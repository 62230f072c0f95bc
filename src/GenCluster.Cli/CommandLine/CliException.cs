namespace GenCluster.Cli.CommandLine;

/// <summary>An expected failure: its message is one sentence for people, with a remedy, and nothing else is printed.</summary>
/// <param name="problem">The code of what a server refused with; empty where none did.</param>
public sealed class CliException(int exitCode, string message, string problem = "") : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string Problem { get; } = problem;
}
