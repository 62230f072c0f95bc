using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Configuration.Editors;

namespace GenCluster.Cli.Validation;

/// <summary><c>gencluster schema</c></summary>
internal sealed class SchemaCommand : Command, ITaught
{
    public SchemaCommand(CliPorts ports)
        : base("schema", "Prints the JSON schema of sweep files, from which editors complete keys and mark mistakes.")
    {
        SetAction(_ =>
        {
            ports.Out.Write(SweepJsonSchema.Text());
            return ExitCode.Done;
        });
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster schema > sweep.schema.json", "Then put '# yaml-language-server: $schema=sweep.schema.json' into the first line of a sweep file."),
    ];
}
