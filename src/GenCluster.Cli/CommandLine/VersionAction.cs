using System.CommandLine;
using System.CommandLine.Invocation;

namespace GenCluster.Cli.CommandLine;

/// <summary>Prints <c>gencluster 0.1.0</c>.</summary>
public sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetName().Version!;
        parseResult.InvocationConfiguration.Output.WriteLine($"gencluster {version.ToString(3)}");
        return ExitCode.Done;
    }
}
