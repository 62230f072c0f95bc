using System.Text.RegularExpressions;

namespace GenCluster.Architecture.Tests;

/// <summary>Where things are, so that nobody has to search.</summary>
public sealed partial class LayoutTests
{
    private static readonly string[] NamesThatSayNothing = ["Helper", "Helpers", "Manager", "Managers", "Util", "Utils", "Utilities", "Common", "Misc", "Shared"];

    [Fact]
    public void Every_project_has_its_tests() => Repository.Sources.Select(project => project.Name + ".Tests")
        .Except(Repository.Tests.Select(project => project.Name)).ShouldBeEmpty();

    [Fact]
    public void Every_test_project_has_something_to_test() => Repository.Tests
        .Where(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal))
        .Where(project => !Repository.CodeFiles($"tests/{project.Name}").Any(file => file.EndsWith("Tests.cs", StringComparison.Ordinal)))
        .Select(project => project.Name).ShouldBeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "GenCluster.sln"));

        Repository.Sources.Concat(Repository.Tests).Where(project => !solution.Contains($"\"{project.Name}\"", StringComparison.Ordinal))
            .Select(project => project.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Folders_and_files_are_named_for_what_they_do() => AllCode()
        .Where(file => file.Split('/', '.').Any(part => NamesThatSayNothing.Any(name => part == name || part.EndsWith(name, StringComparison.Ordinal))))
        .ShouldBeEmpty();

    [Fact]
    public void Namespaces_are_file_scoped_and_follow_the_folders() => AllCode()
        .Select(file => (File: file, Declared: DeclaredNamespace().Match(File.ReadAllText(Path.Combine(Repository.Root, file)))))
        .Where(code => code.Declared.Success && code.Declared.Value != $"namespace {ExpectedNamespace(code.File)};")
        .Select(code => $"{code.File}: {code.Declared.Value}").ShouldBeEmpty();

    [Fact]
    public void Versions_of_packages_are_in_one_place() => Directory
        .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(file => VersionInProject().IsMatch(File.ReadAllText(file))).ShouldBeEmpty();

    private static IEnumerable<string> AllCode() => Repository.CodeFiles("src").Concat(Repository.CodeFiles("tests"));

    /// <summary>src/GenCluster.Core/Sweeps/SweepSpec.cs is in GenCluster.Core.Sweeps.</summary>
    private static string ExpectedNamespace(string file) => string.Join('.', file.Split('/')[1..^1]);

    [GeneratedRegex(@"^namespace\s+.*$", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"<PackageReference[^>]*\bVersion(Override)?=")]
    private static partial Regex VersionInProject();
}
