using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Tokens;

/// <summary><c>gencluster token</c></summary>
internal sealed class TokenCommand : Command, ITaught
{
    public TokenCommand(CliPorts ports)
        : base("token", "Tokens that a coordinator's API knows its callers by.")
    {
        Add(new NewTokenCommand(ports));
        SetAction(_ =>
        {
            ports.Error.WriteLine("gencluster: say what to do: token new");
            ports.Error.WriteLine("Try 'gencluster token --help'.");
            return ExitCode.WrongInput;
        });
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster token new ci --role submitter > ci.token", "A new token, and the line that the coordinators' file of tokens gets."),
    ];

    public string ExitCodes => "0  done    2  wrong input";
}
