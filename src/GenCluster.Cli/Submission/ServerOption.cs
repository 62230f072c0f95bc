using System.CommandLine;
using System.CommandLine.Parsing;
using GenCluster.Cli.CommandLine;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Submission;

/// <summary><c>--server URL</c>: which coordinator a command talks to.</summary>
internal static class ServerOption
{
    /// <summary>The environment variable that names it where the option does not.</summary>
    public const string Variable = "GENCLUSTER_SERVER";

    /// <summary>What a command that asks a coordinator tells the shell.</summary>
    public const string ExitCodes = "0  done    1  failed    2  wrong input    5  no answer, can be repeated    130  interrupted, can be resumed";

    private static readonly string Default = $"http://127.0.0.1:{ApiOptions.DefaultPort}";

    public static Option<Uri?> New() => new("--server")
    {
        Description = $"The API of a coordinator; default: what is in {Variable}, else {Default}.",
        HelpName = "URL",
        CustomParser = Parse,
    };

    /// <summary>For an option whose value is an address of a coordinator.</summary>
    public static Uri? Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (Address(text) is { } server)
            return server;
        result.AddError($"--server is an address like {Default}, not '{text}'");
        return null;
    }

    /// <summary>The option's value, or what stands for it.</summary>
    /// <exception cref="CliException">The environment names no address.</exception>
    public static Uri Of(Uri? option, CliPorts ports)
    {
        if (option is not null)
            return option;
        string text = ports.Environment().GetValueOrDefault(Variable) is { Length: > 0 } named ? named : Default;
        return Address(text) ?? throw new CliException(ExitCode.WrongInput, $"{Variable} is an address like {Default}, and holds something else");
    }

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var server) && server is { Scheme: "http" or "https", UserInfo: "" } ? server : null;
}
