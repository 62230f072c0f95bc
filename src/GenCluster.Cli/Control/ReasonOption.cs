using System.CommandLine;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Control;

/// <summary><c>--reason TEXT</c>: why somebody asks, for the journal and the server's audit trail.</summary>
internal static class ReasonOption
{
    private const int MaxLength = 200;

    public static Option<string?> New() => new("--reason") { Description = "Why, for the record.", HelpName = "TEXT" };

    /// <exception cref="CliException">It is none that can be kept.</exception>
    public static string? Of(ParseResult parsed, Option<string?> option)
    {
        string? reason = parsed.GetValue(option);
        return reason is null || (reason.Length is > 0 and <= MaxLength && !reason.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            ? reason
            : throw new CliException(ExitCode.WrongInput, $"--reason is a sentence of at most {MaxLength} characters, on one line");
    }
}
