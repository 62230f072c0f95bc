using System.CommandLine;

namespace GenCluster.Cli.CommandLine;

/// <summary>The command without a subcommand: says that one is needed.</summary>
internal sealed class GenClusterCommand : RootCommand, ITaught
{
    public GenClusterCommand(CliPorts ports)
        : base("Trains generative models and searches their hyperparameters, from one sweep file.")
    {
        SetAction(parsed =>
        {
            ports.Error.WriteLine($"gencluster: a command is needed: {string.Join(", ", Subcommands.Select(c => c.Name))}");
            ports.Error.WriteLine("Try 'gencluster --help'.");
            return ExitCode.WrongInput;
        });
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster run configs/quickstart.yaml", "Train the sweep on this machine; the same line again resumes it."),
        new("gencluster validate configs/*.yaml", "Check sweep files; every mistake comes with its file, line and column."),
        new("gencluster plan configs/quickstart.yaml", "Show what a sweep would run, without running it."),
    ];
}
