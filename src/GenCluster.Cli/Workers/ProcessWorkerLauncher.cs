using System.ComponentModel;
using System.Diagnostics;

namespace GenCluster.Cli.Workers;

/// <summary>Real processes.</summary>
public sealed class ProcessWorkerLauncher : IWorkerLauncher
{
    public IWorkerProcess Start(WorkerLaunch launch)
    {
        var start = new ProcessStartInfo(launch.Binary.Executable)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in launch.Binary.Prefix.Concat(launch.Arguments))
            start.ArgumentList.Add(argument);
        if (launch.Gpu is { } gpu)
            start.Environment[GpuShare.Variable] = gpu;

        // A worker's own launcher looks for the runtime in the usual place only; ours may lie elsewhere.
        if (!start.Environment.ContainsKey("DOTNET_ROOT") && RuntimeRoot() is { } root)
            start.Environment["DOTNET_ROOT"] = root;
        try
        {
            return new WorkerProcess(Process.Start(start)!, new WorkerLog(launch.Log));
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"{launch.Binary.Executable} cannot be started: {failure.Message}", failure);
        }
    }

    // <root>/shared/Microsoft.NETCore.App/<version>/
    private static string? RuntimeRoot()
    {
        string? shared = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location)));
        return Path.GetFileName(shared) == "shared" ? Path.GetDirectoryName(shared) : null;
    }
}
