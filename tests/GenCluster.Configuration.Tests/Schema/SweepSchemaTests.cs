using System.Reflection;
using System.Runtime.CompilerServices;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections;
using GenCluster.Configuration.Sections.Distributions;

namespace GenCluster.Configuration.Tests.Schema;

public sealed class SweepSchemaTests
{
    private static readonly string[] NotInBroken =
    [
        DiagnosticCodes.Unreadable, DiagnosticCodes.TooLarge, DiagnosticCodes.TooManyParts, DiagnosticCodes.TooManyMistakes,
        DiagnosticCodes.NothingToSearch,
    ];

    [Fact]
    public void Every_key_has_a_meaning_and_says_what_is_allowed()
    {
        foreach (var (path, key) in All(SweepSchema.Root, ""))
        {
            key.Meaning.ShouldEndWith(".", customMessage: path);
            key.Allowed.ShouldNotBeNullOrWhiteSpace(path);
        }
    }

    [Fact]
    public void The_readme_names_every_code()
    {
        string readme = File.ReadAllText(Path.Combine(Here(), "../../../src/GenCluster.Configuration/README.md"));

        foreach (string code in Codes())
            readme.ShouldContain(code);
    }

    [Fact]
    public void Codes_are_unique()
    {
        Codes().ShouldBeUnique();
    }

    [Fact]
    public void Every_code_has_a_broken_file_that_shows_it_unless_the_file_cannot_be_kept()
    {
        string all = string.Concat(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Broken"), "*.expected.txt").Select(File.ReadAllText));

        Codes().Except(NotInBroken).Where(c => !all.Contains(c, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<(string Path, Key Key)> All(SectionSchema schema, string prefix)
    {
        foreach (var key in schema.Keys)
        {
            string path = prefix.Length == 0 ? key.Name : $"{prefix}.{key.Name}";
            yield return (path, key);
            foreach (var nested in key is MapKey map ? All(map.Schema, path) : [])
                yield return nested;
        }

        if (schema == ParametersSection.Schema)
        {
            foreach (var key in DistributionReader.Schema.Keys)
                yield return ($"{prefix}.*.{key.Name}", key);
        }
    }

    private static List<string> Codes() =>
        [.. typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!)];

    private static string Here([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
