using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using GenCluster.Server.Access;

namespace GenCluster.Cli.Serving;

/// <summary>The options of <c>gencluster serve</c> that say how its API is served, and to whom.</summary>
internal sealed class HttpOptions
{
    private static readonly string[] Modes = [.. Enum.GetNames<AccessMode>().Select(n => n.ToLowerInvariant())];

    private readonly Option<IPAddress?> bind = new("--http-bind")
    {
        Description = "Address that the API listens on; default: 127.0.0.1. Any other needs --auth.",
        HelpName = "ADDRESS",
        CustomParser = result => IPAddress.TryParse(result.Tokens[^1].Value, out var address)
            ? address
            : Refuse<IPAddress?>(result, $"--http-bind is an IP address like 10.0.0.1, not '{result.Tokens[^1].Value}'"),
    };

    private readonly Option<string[]> hosts = new("--http-host")
    {
        Description = "A name that requests may call the API by, besides addresses and names of private networks; as often as needed.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<AccessMode> auth = new("--auth")
    {
        Description = "How the API knows its callers: not at all, by a file of tokens, by a Kubernetes cluster, by an OpenID provider; default: none.",
        HelpName = string.Join('|', Modes),
        CustomParser = result => Array.IndexOf(Modes, result.Tokens[^1].Value) is >= 0 and var mode
            ? (AccessMode)mode
            : Refuse(result, $"--auth is one of {string.Join(", ", Modes)}, not '{result.Tokens[^1].Value}'", AccessMode.None),
    };

    private readonly Option<string?> tokens = File("--tokens", "The hashes of tokens, as 'gencluster token new' prints them; for --auth tokens. Read again when it changes.");
    private readonly Option<string?> authFile = File("--auth-file", "Who has which role, and which programs may be trials. Read again when it changes.");
    private readonly Option<string?> certificate = File("--http-certificate", "The API's certificate in PEM, which makes it speak TLS. Read again when it changes.");
    private readonly Option<string?> key = File("--http-key", "The certificate's private key in PEM.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { bind, hosts, auth, tokens, authFile, certificate, key })
            command.Add(option);
    }

    public HttpSettings Read(ParseResult parsed) => new(
        parsed.GetValue(bind), parsed.GetValue(hosts), parsed.GetValue(auth), parsed.GetValue(tokens), parsed.GetValue(authFile), parsed.GetValue(certificate), parsed.GetValue(key));

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static T? Refuse<T>(ArgumentResult result, string message, T? value = default)
    {
        result.AddError(message);
        return value;
    }
}
