using System.Runtime.CompilerServices;
using System.Text;

namespace GenCluster.Configuration.Tests;

/// <summary>
/// Each file in Broken/ is refused with exactly the text beside it. To see new texts in a diff, run the tests with
/// GENCLUSTER_ACCEPT=1: it writes what is said now.
/// </summary>
public sealed class BrokenFileTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Broken");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Is_refused_with_the_expected_text(string name)
    {
        var result = SweepFile.Parse($"{name}.yaml", File.ReadAllBytes(Path.Combine(Folder, $"{name}.yaml")));

        string said = string.Concat(result.Diagnostics.Select(d => $"{d}\n"));
        Accept($"{name}.expected.txt", said);
        said.ShouldBe(File.ReadAllText(Path.Combine(Folder, $"{name}.expected.txt")));
        result.Spec.ShouldBeNull();
    }

    [Fact]
    public void There_are_enough_of_them() => Files.Count.ShouldBeGreaterThanOrEqualTo(25);

    private static void Accept(string name, string text, [CallerFilePath] string source = "")
    {
        if (Environment.GetEnvironmentVariable("GENCLUSTER_ACCEPT") != "1")
            return;
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "Broken", name), text, new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(Folder, name), text, new UTF8Encoding(false));
    }
}
