using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenCluster.Architecture.Tests;

/// <summary>What the programs are built on may be built on, and the list of it is true.</summary>
public sealed partial class LicenceTests
{
    private static readonly string[] Allowed =
    [
        "Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "OLDAP-2.8", "blessing", "LicenseRef-PublicDomain",
    ];

    private static string List => Path.Combine(Repository.Root, "docs", "licences.md");

    [Fact]
    public void Every_package_of_the_programs_has_a_licence_that_is_allowed() =>
        Listed().Where(package => !Allowed.Contains(package.Licence)).ShouldBeEmpty($"allowed are {string.Join(", ", Allowed)}; see build/licences.txt for what names none");

    [Theory]
    [InlineData("GenCluster.Cli")]
    [InlineData("GenCluster.Worker")]
    public void The_list_names_every_package(string program)
    {
        var listed = Listed().Select(package => package.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

        PackagesOf(program).Where(package => !listed.Contains(package)).ShouldBeEmpty("run build/sbom.sh");
    }

    [Fact]
    public async Task The_list_is_what_the_packages_say()
    {
        using var check = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "build", "sbom.sh"), "--check") { RedirectStandardError = true })!;
        string errors = await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        errors.ShouldBeEmpty();
        check.ExitCode.ShouldBe(0);
    }

    private static IEnumerable<(string Name, string Licence)> Listed() => Row().Matches(File.ReadAllText(List))
        .Select(row => (row.Groups["name"].Value, row.Groups["licence"].Value));

    private static IEnumerable<string> PackagesOf(string program)
    {
        string assets = Path.Combine(Repository.Objects, program, "project.assets.json");
        using var json = JsonDocument.Parse(File.ReadAllText(assets));
        return [.. json.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => library.Name.Split('/')[0])];
    }

    [GeneratedRegex(@"^\| (?!package )(?<name>[\w.-]+) \| (?<licence>[^|-].*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
