using System.Reflection;

namespace GenCluster.Helm.Tests.Support;

/// <summary>The source tree these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts)).ReplaceLineEndings("\n");

    /// <summary>Holds a file that is made from something against what would be made now; GENCLUSTER_ACCEPT=1 writes it.</summary>
    public static void ShouldBeMade(string text, string from, params string[] parts)
    {
        if (Environment.GetEnvironmentVariable("GENCLUSTER_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(parts))!);
            File.WriteAllText(PathOf(parts), text);
        }

        string file = string.Join('/', parts);
        (File.Exists(PathOf(parts)) ? Read(parts) : "").ShouldBe(text, $"{file} is made from {from}; run `GENCLUSTER_ACCEPT=1 build/test.sh Helm` to write it again");
    }
}
