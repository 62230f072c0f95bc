using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Worker;
using k8s.Models;

namespace GenCluster.Helm.Tests.Support;

/// <summary>The command lines of containers, read by the programs themselves.</summary>
internal static class Commands
{
    public static RootCommand Cli { get; } = App.Root(CliPorts.OfProcess());

    /// <summary>What a container runs, with the variables of the pod filled in.</summary>
    public static (string Program, string[] Arguments) Of(V1Container container)
    {
        string[] line = [.. (container.Command ?? []).Concat(container.Args ?? []).Select(a => a
            .Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal).Replace("$(POD_NAME)", "lab-gencluster-coordinator-0", StringComparison.Ordinal))];
        return line is ["tini", "--", .. var behind] ? (behind[0], behind[1..]) : line is [var program, .. var arguments] ? (program, arguments) : ("", []);
    }

    /// <summary>What the program itself says of it; empty where it would begin its work.</summary>
    public static IReadOnlyList<string> Faults(V1Container container)
    {
        var (program, arguments) = Of(container);
        return program switch
        {
            "gencluster" => UsageErrors.Of(Parsed(Cli, arguments)),
            "gencluster-worker" => [.. Parsed(WorkerCommand.Create(TextWriter.Null), arguments).Errors.Select(e => e.Message)],
            _ => [$"{container.Name} runs '{program}', which is none of our programs"],
        };
    }

    public static ParseResult Parsed(RootCommand root, string[] arguments) =>
        root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
}
