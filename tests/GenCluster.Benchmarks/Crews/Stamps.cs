using System.Diagnostics;
using System.Text;

namespace GenCluster.Benchmarks.Crews;

/// <summary>A member's own notes for <see cref="Timings"/>. Taking one allocates nothing.</summary>
internal sealed class Stamps(int capacity)
{
    private readonly long[] ticks = new long[2 * capacity];
    private int count;
    private long allocated;
    private long allocatedBefore;

    public void Begin()
    {
        allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        ticks[count++] = Stopwatch.GetTimestamp();
    }

    public void End()
    {
        ticks[count++] = Stopwatch.GetTimestamp();
        allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
    }

    /// <summary>The answer to a request.</summary>
    public string Answer()
    {
        var line = new StringBuilder().Append(allocated);
        foreach (long tick in ticks.AsSpan(0, count))
            line.Append('\t').Append(tick * (1_000_000_000 / Stopwatch.Frequency));
        return line.ToString();
    }
}
