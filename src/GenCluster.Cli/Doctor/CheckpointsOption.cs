using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Core.Checkpoints;

namespace GenCluster.Cli.Doctor;

/// <summary><c>--checkpoints PLACE</c>: where workers were told to keep checkpoints.</summary>
internal static class CheckpointsOption
{
    /// <summary>The environment variable that says it where the option does not, as for workers.</summary>
    public const string Variable = "GENCLUSTER_CHECKPOINTS";

    private const string Name = "--checkpoints";

    public static Option<string?> New() => new(Name)
    {
        Description = $"Where workers keep checkpoints, as they were told; default: what is in {Variable}, else the trial's folder in --runs.",
        HelpName = "PLACE",
    };

    /// <summary>The option's value, or what stands for it; null for the folders of the trials.</summary>
    /// <exception cref="CliException">It is no address.</exception>
    public static CheckpointAddress? Of(string? option, CliPorts ports)
    {
        if ((option ?? ports.Environment().GetValueOrDefault(Variable)) is not { Length: > 0 } text)
            return null;
        return CheckpointAddress.Parse(text, out string fault)
            ?? throw new CliException(ExitCode.WrongInput, $"{(option is null ? Variable : Name)}: the value {fault}"); // which may be secret
    }
}
