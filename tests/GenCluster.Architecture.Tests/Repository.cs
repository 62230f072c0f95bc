using System.Reflection;

namespace GenCluster.Architecture.Tests;

/// <summary>The source tree these tests were built from, and what was built of it.</summary>
internal static class Repository
{
    private static readonly Dictionary<string, string?> Metadata =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(attribute => attribute.Key, attribute => attribute.Value);

    public static string Root { get; } = Metadata["RepositoryRoot"]!;

    public static IReadOnlyList<Project> Sources { get; } = ProjectsIn("src");

    public static IReadOnlyList<Project> Tests { get; } = ProjectsIn("tests");

    public static Project Source(string name) => Sources.Single(project => project.Name == name);

    /// <summary>Where a project's output lies.</summary>
    public static string OutputOf(Project project) => Path.Combine(Metadata["Binaries"]!, project.Name, Metadata["Configuration"]!);

    /// <summary>Where restores and builds keep what they found, by project.</summary>
    public static string Objects => Path.Combine(Path.GetDirectoryName(Metadata["Binaries"]!.TrimEnd('/'))!, "obj");

    /// <summary>All C# files that people wrote, as paths relative to the root.</summary>
    public static IEnumerable<string> CodeFiles(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    private static List<Project> ProjectsIn(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Project.Read)];
}
