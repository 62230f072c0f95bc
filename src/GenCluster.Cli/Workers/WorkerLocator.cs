using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Workers;

/// <summary>How the worker's program is started: an executable and what comes before the worker's own arguments.</summary>
public sealed record WorkerBinary(string Executable, IReadOnlyList<string> Prefix);

/// <summary>Finds the worker's program.</summary>
/// <param name="here">The folder the command itself lies in.</param>
/// <param name="named">What the environment variable says, or null.</param>
public sealed class WorkerLocator(string here, string? named)
{
    /// <summary>Names the worker's program outright.</summary>
    public const string Variable = "GENCLUSTER_WORKER";

    private const string Program = "gencluster-worker";

    /// <exception cref="CliException">There is none.</exception>
    public WorkerBinary Find()
    {
        if (!string.IsNullOrEmpty(named))
        {
            return Of(named) ?? throw new CliException(ExitCode.Failed,
                $"{Variable} names '{named}', where there is no file; point it at {Program}, or unset it");
        }

        string[] candidates = [.. Folders().SelectMany(f => (string[])[Path.Combine(f, Program), Path.Combine(f, Program + ".dll")])];
        return candidates.Select(Of).FirstOrDefault(b => b is not null) ?? throw new CliException(ExitCode.Failed,
            $"cannot find {Program} in {string.Join(" or ", Folders())}; build it with 'dotnet build -c Release src/GenCluster.Worker', or set {Variable} to its path");
    }

    // Beside the command or in worker/ when published; in the worker's own folder of the same configuration when built.
    private IEnumerable<string> Folders()
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(here));
        yield return folder;
        yield return Path.Combine(folder, "worker");
        if (Path.GetDirectoryName(Path.GetDirectoryName(folder)) is { } built)
            yield return Path.Combine(built, "GenCluster.Worker", Path.GetFileName(folder));
    }

    private static WorkerBinary? Of(string path)
    {
        if (!File.Exists(path))
            return null;
        return Path.GetExtension(path) == ".dll" ? new WorkerBinary(DotNet(), [path]) : new WorkerBinary(path, []);
    }

    private static string DotNet() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
