using System.Diagnostics;

namespace GenCluster.Collectives.Native;

/// <summary>Nanoseconds of the host's monotonic clock: all processes of one host read the same.</summary>
internal static class Clock
{
    public static long Now => Stopwatch.Frequency == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    public static long Of(TimeSpan time) => time.Ticks * 100;
}
