namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>The programs as they were built beside the tests, with the same configuration.</summary>
internal static class Programs
{
    public static string Command { get; } = Find("GenCluster.Cli", "gencluster");

    public static string Worker { get; } = Find("GenCluster.Worker", "gencluster-worker");

    /// <summary>What a program loads to be struck by a <see cref="FaultPlan"/>.</summary>
    public static string Faults { get; } = Find("GenCluster.Faults", "GenCluster.Faults.dll");

    /// <summary>The files in <c>configs/</c>.</summary>
    public static IEnumerable<string> Configs { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "configs"), "*.yaml").Order(StringComparer.Ordinal)];

    /// <summary>A sweep file of these tests.</summary>
    public static string Sweep(string name) => Path.Combine(AppContext.BaseDirectory, "Sweeps", name + ".yaml");

    private static string Find(string project, string program)
    {
        string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string built = Path.GetDirectoryName(Path.GetDirectoryName(here))!;
        string path = Path.Combine(built, project, Path.GetFileName(here), program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"build {project} first: there is no {path}");
    }
}
