using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Worker;
using k8s.Models;

namespace GenCluster.Helm.Tests.Support;

/// <summary>The command lines of containers, read by the programs themselves.</summary>
internal static class Commands
{
    /// <summary>Options that the charts give already and the programs do not know yet. To be empty.</summary>
    private static readonly string[] NotYet =
    [
        "--http-bind", "--http-host", "--http-certificate", "--http-key", "--auth", "--auth-file", "--tokens",
        "--tls-certificate", "--tls-key", "--tls-ca", "--insecure-network", "--metrics-port", "--metrics-bind", "--expected-workers",
    ];

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

    /// <summary>The arguments without those that the program does not know yet.</summary>
    public static IEnumerable<string> KnownTo(string program, string[] arguments) => Known(program == "gencluster" ? Cli : WorkerCommand.Create(TextWriter.Null), arguments);

    public static ParseResult Parsed(RootCommand root, string[] arguments) =>
        root.Parse([.. Known(root, arguments)], new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static IEnumerable<string> Known(RootCommand root, string[] arguments)
    {
        var command = arguments is [var verb, ..] && root.Subcommands.FirstOrDefault(c => c.Name == verb) is { } found ? found : root;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (NotYet.Contains(arguments[i]) && command.Options.All(o => o.Name != arguments[i]))
                i += i + 1 < arguments.Length && !arguments[i + 1].StartsWith('-') ? 1 : 0; // and its value
            else
                yield return arguments[i];
        }
    }
}
