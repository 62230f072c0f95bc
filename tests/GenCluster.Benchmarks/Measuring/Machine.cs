using System.Globalization;
using System.Runtime.InteropServices;

namespace GenCluster.Benchmarks.Measuring;

/// <summary>Where the numbers were taken.</summary>
internal static class Machine
{
    /// <summary>Below this share of idle time, something else runs and takes part in every number.</summary>
    private const double Quiet = 0.9;

    /// <summary>The machine in a few lines. Looks at it for a second to see whether it is busy with something else.</summary>
    public static async Task<IReadOnlyList<string>> DescribeAsync(TimeProvider clock, CancellationToken cancellation)
    {
        double idle = await IdleShareAsync(cancellation);
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        string quiet = idle >= Quiet ? "" : ": something else was running, take the numbers as provisional";
        return
        [
            $"{clock.GetUtcNow():yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.RuntimeIdentifier}, kernel {Line("/proc/sys/kernel/osrelease")}, .NET {Environment.Version}",
            $"before the start: load {load}, cores {(idle * 100).ToString("F0", CultureInfo.InvariantCulture)} % idle{quiet}",
        ];
    }

    /// <summary>What sockets get that ask for nothing, and what they may ask for.</summary>
    public static string CongestionControl() =>
        $"congestion control: {Line("/proc/sys/net/ipv4/tcp_congestion_control")} by default, allowed {Line("/proc/sys/net/ipv4/tcp_allowed_congestion_control")}";

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown processor";

    private static string Line(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "unknown";

    private static async Task<double> IdleShareAsync(CancellationToken cancellation)
    {
        var (idle, all) = Times();
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        var (idleLater, allLater) = Times();
        return (double)(idleLater - idle) / Math.Max(allLater - all, 1);
    }

    /// <summary>Idle and all time of all cores since boot, in ticks: <c>cpu user nice system idle iowait ...</c>.</summary>
    private static (long Idle, long All) Times()
    {
        long[] times = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(ticks => long.Parse(ticks, CultureInfo.InvariantCulture))];
        return (times[3] + times[4], times[..8].Sum());
    }
}
