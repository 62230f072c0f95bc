using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli;

internal static class Program
{
    public static Task<int> Main(string[] args) => App.RunAsync(args, CliPorts.OfProcess());
}
