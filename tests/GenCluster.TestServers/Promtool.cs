using System.Diagnostics;

namespace GenCluster.TestServers;

/// <summary>Prometheus's own checker.</summary>
/// <remarks>Skips the test where Prometheus is not installed; continuous integration must have it.</remarks>
public static class Promtool
{
    /// <summary>What it has against metrics in text format; empty when nothing.</summary>
    public static Task<string> CheckMetricsAsync(string metrics) => RunAsync(metrics, "check", "metrics");

    /// <summary>Runs it.</summary>
    /// <returns>All that it says, if it fails; else nothing.</returns>
    public static async Task<string> RunAsync(string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(PrometheusServer.Find("promtool"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string all = string.Concat(await said).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "" : $"promtool {string.Join(' ', arguments)} ended with {process.ExitCode}: {all}";
    }
}
