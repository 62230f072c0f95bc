using System.Text.RegularExpressions;

namespace GenCluster.Dashboards.Tests.Runbooks;

/// <summary>A page of <c>docs/runbooks</c>: what to do when an alert fires.</summary>
internal sealed partial record Runbook(string Name, string Text)
{
    public const string Folder = "docs/runbooks";

    public static IReadOnlyList<Runbook> All { get; } =
    [
        .. Directory.EnumerateFiles(Deployed.PathOf(Folder), "*.md").Order(StringComparer.Ordinal)
            .Select(file => new Runbook(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))),
    ];

    public IEnumerable<string> Headings => Heading().Matches(Text).Select(line => line.Groups["text"].Value);

    /// <summary>The first sentence about what the alert means.</summary>
    public string When => Meaning().Match(Text).Groups["sentence"].Value.Replace('\n', ' ');

    /// <summary>PromQL to look with, a line each.</summary>
    public IEnumerable<string> Queries => Block().Matches(Text).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Subcommands of <c>gencluster</c> that it says.</summary>
    public IEnumerable<string> Commands => Command().Matches(Text).Select(said => said.Groups["name"].Value).Distinct();

    /// <summary>Options of ours that it says, on their own or after a command of ours.</summary>
    public IEnumerable<string> Options =>
        Code().Matches(Text).Select(code => code.Groups["text"].Value).Where(code => code.StartsWith("--", StringComparison.Ordinal) || code.StartsWith("gencluster ", StringComparison.Ordinal))
            .SelectMany(code => Option().Matches(code)).Select(option => option.Value).Distinct();

    /// <summary>Keys of the sweep file that it says: <c>training.clipNorm</c>.</summary>
    public IEnumerable<string> Keys => Code().Matches(Text).Select(code => code.Groups["text"].Value.Split(':')[0]).Where(code => Key().IsMatch(code)).Distinct();

    [GeneratedRegex(@"^##? (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"## What it means\n\n(?<sentence>.*?\.)(?=\s)", RegexOptions.Singleline)]
    private static partial Regex Meaning();

    [GeneratedRegex(@"```promql\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?:`|^)gencluster (?<name>[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"`(?<text>[^`\n]+)`|^(?<text>gencluster .+)$", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"--[a-z][a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"^(training|resources|budget|search|evaluation|discriminator|generator|optimizer|earlyStopping)\.[A-Za-z.]+$")]
    private static partial Regex Key();
}
