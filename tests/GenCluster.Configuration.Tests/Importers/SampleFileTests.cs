using System.Runtime.CompilerServices;
using System.Text;

namespace GenCluster.Configuration.Tests.Importers;

/// <summary>
/// Each file in Files/ is read, or refused, with exactly the text beside it: what is said, and the sweep. To see new texts in
/// a diff, run the tests with GENCLUSTER_ACCEPT=1: it writes what is said now.
/// </summary>
public sealed class SampleFileTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Importers", "Files");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder).Where(f => !f.EndsWith(".expected.txt", StringComparison.Ordinal)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_read_with_the_expected_text(string name)
    {
        var result = SweepFile.Import(name, File.ReadAllBytes(Path.Combine(Folder, name)));

        string said = $"{result.ForeignKind}\n{string.Concat(result.Diagnostics.Select(d => $"{d}\n"))}{(result.Spec is { } spec ? Told.Of(spec) : "refused\n")}";
        string expected = Path.Combine(Folder, $"{name}.expected.txt");
        Accept($"{name}.expected.txt", said);
        said.ShouldBe(File.ReadAllText(expected));
    }

    private static void Accept(string name, string text, [CallerFilePath] string source = "")
    {
        if (Environment.GetEnvironmentVariable("GENCLUSTER_ACCEPT") != "1")
            return;
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "Files", name), text, new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(Folder, name), text, new UTF8Encoding(false));
    }
}
