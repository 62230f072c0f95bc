using System.Globalization;

namespace GenCluster.Cli.Workers;

/// <summary>
/// Which GPU each worker of this machine gets. A worker owns one device, and sees no other: CUDA is told so by an
/// environment variable before it starts.
/// </summary>
public static class GpuShare
{
    /// <summary>What CUDA reads.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    private const string Driver = "/proc/driver/nvidia/gpus";

    /// <summary>The GPUs that this process may use: those that the variable names, else those that the driver lists.</summary>
    public static IReadOnlyList<string> Visible()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } named)
            return named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!Directory.Exists(Driver))
            return [];
        return [.. Enumerable.Range(0, Directory.GetDirectories(Driver).Length).Select(gpu => gpu.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The GPU of the worker with this number, counting from 1; null where there is none. More workers than GPUs share them in turn.</summary>
    public static string? Of(int worker, IReadOnlyList<string> gpus) => gpus.Count == 0 ? null : gpus[(worker - 1) % gpus.Count];
}
