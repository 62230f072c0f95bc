using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Submission;

/// <summary>Which coordinator a command talks to, and with whose token.</summary>
/// <param name="TokenFile">Null: without one.</param>
internal sealed record ServerAddress(Uri Uri, string? TokenFile);

/// <summary><c>--server URL --token-file FILE</c>. A token is never an argument: everybody on the machine can see those.</summary>
internal sealed class ServerOptions
{
    /// <summary>The environment variable that names the file where the option does not.</summary>
    public const string TokenVariable = "GENCLUSTER_TOKEN_FILE";

    private readonly Option<Uri?> server = ServerOption.New();
    private readonly Option<string?> tokenFile = new("--token-file")
    {
        Description = $"A file with the token that the coordinator knows you by; default: what is in {TokenVariable}, else none.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(server);
        command.Add(tokenFile);
    }

    /// <exception cref="CliException">The environment names no address.</exception>
    public ServerAddress Of(ParseResult parsed, CliPorts ports) => new(
        ServerOption.Of(parsed.GetValue(server), ports),
        parsed.GetValue(tokenFile) ?? (ports.Environment().GetValueOrDefault(TokenVariable) is { Length: > 0 } named ? named : null));
}
