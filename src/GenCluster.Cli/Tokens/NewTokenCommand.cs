using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Configuration.Access;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Tokens;

/// <summary><c>gencluster token new NAME --role ROLE</c></summary>
internal sealed class NewTokenCommand : Command, ITaught
{
    private const int Bytes = 32;

    /// <summary>So that whoever finds one somewhere, a scanner for secrets say, knows what it is.</summary>
    private const string Prefix = "gct_";

    private readonly Argument<string> name = new("NAME") { Description = "Whose it is; what they do is written down under this name." };
    private readonly Option<Role?> role = new("--role")
    {
        Description = "What they may do: viewer sees everything, submitter also submits and changes sweeps, admin also has any program as a trial.",
        HelpName = string.Join('|', Roles.Names),
        CustomParser = result =>
        {
            if (Roles.Find(result.Tokens[^1].Value) is { } found)
                return found;
            result.AddError($"--role is one of {string.Join(", ", Roles.Names)}, not '{result.Tokens[^1].Value}'");
            return null;
        },
    };

    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public NewTokenCommand(CliPorts ports)
        : base("new", "Makes a token and shows it this once. The file of --tokens gets a line with its hash, from which it cannot be found.")
    {
        Add(name);
        Add(role);
        Add(output);
        SetAction(parsed => Run(parsed.GetRequiredValue(name), parsed.GetValue(role), parsed.GetValue(output), ports));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster token new ci --role submitter > ci.token", "The token goes to the file, its line for the coordinators to the terminal."),
        new("gencluster ls --token-file ci.token", "Use it; GENCLUSTER_TOKEN_FILE=ci.token does so for all commands."),
    ];

    public string ExitCodes => "0  done    2  wrong input";

    private static int Run(string name, Role? role, OutputFormat output, CliPorts ports)
    {
        if (!TokenLine.IsName(name))
            throw new CliException(ExitCode.WrongInput, $"NAME is {TokenLine.NameMeaning}, not '{name}'");
        if (role is not { } given)
            throw new CliException(ExitCode.WrongInput, $"say what '{name}' may do: --role {string.Join(", ", Roles.Names)}");
        string token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        string line = TokenLine.Write(new TokenEntry(name, given, [.. SHA256.HashData(Encoding.UTF8.GetBytes(token))]));
        if (output is OutputFormat.Json)
        {
            ports.Out.WriteLine(JsonSerializer.Serialize(new { name, role = Roles.NameOf(given), token, line }, ApiJson.Options));
            return ExitCode.Done;
        }

        ports.Out.WriteLine(token);
        ports.Error.WriteLine("the token is shown this once: keep it where nobody else reads it; the file of --tokens gets this line:");
        ports.Error.WriteLine(line);
        return ExitCode.Done;
    }
}
