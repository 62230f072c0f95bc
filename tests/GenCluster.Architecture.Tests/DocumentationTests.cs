using System.Text.RegularExpressions;

namespace GenCluster.Architecture.Tests;

/// <summary>What the texts point to is there.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Texts => [.. Directory
        .EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file))
        .Where(file => !file.StartsWith("artifacts/", StringComparison.Ordinal) && !file.StartsWith("runs/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Links_lead_somewhere(string text)
    {
        string file = Path.Combine(Repository.Root, text);

        Link().Matches(File.ReadAllText(file))
            .Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Files_that_the_readme_names_in_its_commands_exist() => Command()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
        .Select(command => command.Groups["file"].Value)
        .Where(file => !Path.Exists(Path.Combine(Repository.Root, file)))
        .ShouldBeEmpty();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.])(\./)?(?<file>(configs|src|build)/[\w./-]*\w)")]
    private static partial Regex Command();
}
