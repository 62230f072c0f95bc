using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Planning;

/// <summary>What <c>gencluster plan</c> was asked.</summary>
/// <param name="First">How many configurations to show.</param>
public sealed record PlanSettings(string File, int First, OutputFormat Output)
{
    public const int DefaultFirst = 5;
}
