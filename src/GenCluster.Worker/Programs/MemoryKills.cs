using System.Globalization;

namespace GenCluster.Worker.Programs;

/// <summary>How often the kernel killed a process of this machine for want of memory.</summary>
internal static class MemoryKills
{
    private const string Counter = "oom_kill ";

    /// <summary>Since it was started; 0 where it does not tell.</summary>
    public static long Count()
    {
        try
        {
            string? line = File.ReadLines("/proc/vmstat").FirstOrDefault(l => l.StartsWith(Counter, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(Counter.Length), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
