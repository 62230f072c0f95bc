using System.Runtime.CompilerServices;
using System.Text;

namespace GenCluster.Configuration.Tests.Editors;

/// <summary>Files of the documentation that are made from the schema. GENCLUSTER_ACCEPT=1 writes them again.</summary>
internal static class Documents
{
    public static string PathOf(string name, [CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../docs", name));

    public static void ShouldHold(string name, string text)
    {
        if (Environment.GetEnvironmentVariable("GENCLUSTER_ACCEPT") == "1")
            File.WriteAllText(PathOf(name), text, new UTF8Encoding(false));
        File.ReadAllText(PathOf(name)).ShouldBe(text, $"docs/{name} is made from the schema; run these tests with GENCLUSTER_ACCEPT=1 to write it again");
    }
}
