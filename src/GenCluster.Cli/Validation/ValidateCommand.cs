using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Validation;

/// <summary><c>gencluster validate FILE...</c></summary>
internal sealed class ValidateCommand : Command, ITaught
{
    private readonly Argument<string[]> files = new("FILE") { Description = "Sweep files.", Arity = ArgumentArity.OneOrMore };

    public ValidateCommand(CliPorts ports)
        : base("validate", "Checks sweep files: every mistake of every file at once, with file, line and column.")
    {
        Add(files);
        SetAction(parsed => Validation.Run(Read(parsed), ports));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster validate configs/*.yaml", "Says 'ok' for each good file; ends with 2 if any has a mistake."),
    ];

    internal ValidateSettings Read(ParseResult parsed) => new(parsed.GetRequiredValue(files));
}
