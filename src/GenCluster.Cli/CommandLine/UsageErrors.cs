using System.CommandLine;
using System.CommandLine.Parsing;

namespace GenCluster.Cli.CommandLine;

/// <summary>What is wrong with a command line, in sentences that name the nearest thing that exists.</summary>
public static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.Action is TeachingHelp or VersionAction)
            return [];
        var command = parsed.CommandResult.Command;

        // The parser would take a mistyped option for a file name.
        string[] options = [.. Arguments(parsed).Where(a => a.StartsWith('-') && a.Length > 1)];
        if (options.Length > 0)
            return [.. options.Select(o => $"unknown option '{o}'{Nearest(o, OptionNames(parsed))}")];
        if (parsed.UnmatchedTokens is { Count: > 0 } unmatched && command.Subcommands.Count > 0)
            return [$"unknown command '{unmatched[0]}'{Nearest(unmatched[0], command.Subcommands.Select(c => c.Name))}"];
        if (parsed.UnmatchedTokens is { Count: > 0 } surplus)
            return [.. surplus.Select(s => $"unexpected argument '{s}'")];
        return [.. parsed.Errors.Select(e => e.Message)];
    }

    /// <summary>The command line that shows the help of the command that was meant.</summary>
    public static string HelpLine(ParseResult parsed) =>
        string.Join(' ', [.. PathOf(parsed.CommandResult), "--help"]);

    private static IEnumerable<string> PathOf(CommandResult command) => command.Parent is CommandResult parent ? [.. PathOf(parent), command.Command.Name] : ["gencluster"];

    private static IEnumerable<string> Arguments(ParseResult parsed) =>
        parsed.Tokens.TakeWhile(t => t.Type is not TokenType.DoubleDash).Where(t => t.Type is TokenType.Argument).Select(t => t.Value);

    private static IEnumerable<string> OptionNames(ParseResult parsed)
    {
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult result; at = result.Parent)
        {
            foreach (var option in result.Command.Options.Where(o => !o.Hidden && (o.Recursive || result == parsed.CommandResult)))
                yield return option.Name;
        }
    }

    private static string Nearest(string word, IEnumerable<string> names)
    {
        var best = names.Select(n => (Name: n, Distance: EditDistance(word, n))).OrderBy(n => n.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, word.Length / 3) ? $"; did you mean '{best.Name}'?" : "";
    }

    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
