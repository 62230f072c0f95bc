using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace GenCluster.Cli.CommandLine;

/// <summary>The library's help, followed by examples and the exit codes.</summary>
public sealed class TeachingHelp(HelpAction inner) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is ITaught taught)
        {
            WriteExamples(output, taught.Examples);
            output.WriteLine("Exit codes:");
            output.WriteLine($"  {taught.ExitCodes}");
        }

        return ExitCode.Done;
    }

    private static void WriteExamples(TextWriter output, IReadOnlyList<Example> examples)
    {
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {example.Line}");
            output.WriteLine($"      {example.Meaning}");
        }

        output.WriteLine();
    }
}
