namespace GenCluster.Benchmarks.CommandLine;

/// <summary>Where this process and those that it starts put what they need for a while; gone in the end, even if some of them were killed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Variable = "TMPDIR";

    private readonly string? before = Environment.GetEnvironmentVariable(Variable);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gencluster-bench-");

    public TemporaryFolder() => Environment.SetEnvironmentVariable(Variable, folder.FullName);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, before);
        folder.Delete(recursive: true);
    }
}
