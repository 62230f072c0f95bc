using System.Runtime.CompilerServices;
using System.Text;

namespace GenCluster.Dashboards.Tests;

/// <summary>Files of the repository that are made here, or held to what is made here.</summary>
internal static class Deployed
{
    private const string Again = "run these tests with GENCLUSTER_ACCEPT=1 to write it again";

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Source())!, "../.."));

    private static bool IsAccepting => Environment.GetEnvironmentVariable("GENCLUSTER_ACCEPT") == "1";

    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>A made file holds this text. With GENCLUSTER_ACCEPT=1 it is written.</summary>
    public static void ShouldHold(string path, string text)
    {
        string file = PathOf(path);
        if (IsAccepting)
            File.WriteAllText(file, text, new UTF8Encoding(false));
        File.Exists(file).ShouldBeTrue($"{path} is missing; {Again}");
        File.ReadAllText(file).ShouldBe(text, $"{path} is made from code; {Again}");
    }

    /// <summary>A folder holds made files of these names, and none that nobody makes any more.</summary>
    public static void ShouldHoldOnly(string folder, IEnumerable<string> names)
    {
        var expected = names.ToHashSet();
        string[] found = [.. Directory.EnumerateFiles(PathOf(folder)).Select(file => Path.GetFileName(file))];
        if (IsAccepting)
            foreach (string name in found.Where(name => !expected.Contains(name)))
                File.Delete(Path.Combine(PathOf(folder), name));
        else
            found.ShouldBe(expected, ignoreOrder: true, $"in {folder}; {Again}");
    }

    private static string Source([CallerFilePath] string source = "") => source;
}
