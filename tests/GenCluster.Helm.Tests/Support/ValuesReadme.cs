using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GenCluster.Helm.Tests.Support;

/// <summary>
/// The README of a chart: what a person wrote (<c>README.head.md</c>), and a table of its values, made from the comments in
/// <c>values.yaml</c>.
/// </summary>
internal static partial class ValuesReadme
{
    public static string Of(Chart chart)
    {
        var text = new StringBuilder(Repository.Read("helm", chart.Name, "README.head.md").TrimEnd());
        text.Append("\n\n## Values\n\nA key that is not here is an error.\n\n| key | default | |\n| --- | --- | --- |\n");
        foreach (var (key, value, about) in Values(Repository.Read("helm", chart.Name, "values.yaml")))
            text.Append(CultureInfo.InvariantCulture, $"| `{key}` | `{value}` | {about.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return text.ToString();
    }

    /// <summary>Every key with a comment that begins with <c>--</c>: its path, its default in one line, and what it is.</summary>
    /// <exception cref="FormatException">A key has no such comment.</exception>
    public static IEnumerable<(string Key, string Default, string About)> Values(string yaml)
    {
        var path = new List<(int Indent, string Name)>();
        string[] lines = yaml.Split('\n');
        string? about = null;
        for (int i = 0; i < lines.Length; i++)
        {
            if (About().Match(lines[i]) is { Success: true } comment)
                about = comment.Groups["text"].Value;
            if (Member().Match(lines[i]) is not { Success: true } member)
                continue;

            int indent = member.Groups["indent"].Length;
            path.RemoveAll(p => p.Indent >= indent);
            path.Add((indent, member.Groups["name"].Value));
            string key = string.Join('.', path.Select(p => p.Name));
            if (about is not null)
                yield return (key, Inline(member.Groups["value"].Value, lines, i, indent), about);
            else if (member.Groups["value"].Length > 0)
                throw new FormatException($"values.yaml:{i + 1}: {key} has no comment that begins with '# --'");
            if (about is not null)
                i = EndOf(lines, i, indent);
            about = null;
        }
    }

    /// <summary>The last line of what belongs to the member on a line.</summary>
    private static int EndOf(string[] lines, int line, int indent)
    {
        int end = line;
        while (end + 1 < lines.Length && lines[end + 1].Length > 0 && lines[end + 1].Length - lines[end + 1].TrimStart().Length > indent)
            end++;
        return end;
    }

    /// <summary>What stands on the lines below is shown on one.</summary>
    private static string Inline(string value, string[] lines, int line, int indent) =>
        value.Length > 0 ? value : string.Join(' ', lines[(line + 1)..(EndOf(lines, line, indent) + 1)].Select(l => l.Trim()));

    [GeneratedRegex(@"^\s*# -- (?<text>.+)$")]
    private static partial Regex About();

    [GeneratedRegex(@"^(?<indent>\s*)(?<name>[A-Za-z][A-Za-z0-9]*):\s*(?<value>.*)$")]
    private static partial Regex Member();
}
