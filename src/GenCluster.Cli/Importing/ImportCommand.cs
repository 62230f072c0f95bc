using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Configuration.Exporters;

namespace GenCluster.Cli.Importing;

/// <summary><c>gencluster import FILE</c></summary>
internal sealed class ImportCommand : Command, ITaught
{
    private readonly Argument<string> file = new("FILE") { Description = "A sweep file of GenCluster, W&B, Katib, Ray Tune, Hydra, Determined, NNI, Polyaxon, AzureML or Ludwig." };

    private readonly Option<SweepFormat> to = new("--to")
    {
        Description = "Whose file is written; default: gencluster.",
        HelpName = "gencluster|wandb|katib",
        CustomParser = result => result.Tokens[^1].Value switch
        {
            "gencluster" => SweepFormat.GenCluster,
            "wandb" => SweepFormat.Wandb,
            "katib" => SweepFormat.Katib,
            var other => Refuse(result, $"--to is 'gencluster', 'wandb' or 'katib', not '{other}'"),
        },
    };

    private readonly Option<string?> program = new("--program") { Description = "The program that a trial runs, where the file names none.", HelpName = "PATH" };
    private readonly Option<OutputFormat> output = SharedOptions.Output();

    public ImportCommand(CliPorts ports)
        : base("import", "Rewrites a sweep file of another tool as one of GenCluster, and says what is not carried over.")
    {
        Add(file);
        Add(to);
        Add(program);
        Add(output);
        SetAction(parsed => Import.Run(Read(parsed), ports));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster import wandb-sweep.yaml > sweep.yaml", "The same search as a file of GenCluster; notes on what differs stay on the terminal."),
        new("gencluster import experiment.yaml --to wandb", "A Katib Experiment as a W&B sweep."),
        new("gencluster import config.yaml --program train.py > sweep.yaml", "Hydra's sweeper, with the program that its file does not name."),
    ];

    internal ImportSettings Read(ParseResult parsed) =>
        new(parsed.GetRequiredValue(file), parsed.GetValue(to), parsed.GetValue(program), parsed.GetValue(output));

    private static SweepFormat Refuse(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return SweepFormat.GenCluster;
    }
}

/// <summary>What <c>gencluster import</c> was asked.</summary>
/// <param name="Program">Null: what the file says.</param>
internal sealed record ImportSettings(string File, SweepFormat To, string? Program, OutputFormat Output);
