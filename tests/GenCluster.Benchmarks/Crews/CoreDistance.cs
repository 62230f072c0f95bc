using System.Diagnostics;
using System.Runtime.InteropServices;
using GenCluster.Benchmarks.Measuring;

namespace GenCluster.Benchmarks.Crews;

/// <summary>
/// How long a cache line takes from one core to another and back. In a virtual machine it changes without notice, when the
/// host moves the machine's cores: from some 50 ns within one physical core to ten times as much, and with it changes
/// everything that goes through shared memory.
/// </summary>
internal static class CoreDistance
{
    private const int Rounds = 20_000, Samples = 5;

    /// <summary>The median of a few samples, in nanoseconds.</summary>
    public static string Describe() => Environment.ProcessorCount < 2
        ? "- ns"
        : $"{Distribution.MedianOf(Enumerable.Range(0, Samples).Select(_ => Sample())):F0} ns";

    private static double Sample()
    {
        var turns = new Turn[2];
        double nanoseconds = 0;
        var one = new Thread(() => nanoseconds = Play(core: 0, ref turns[0], ref turns[1], begins: true));
        var other = new Thread(() => Play(core: 1, ref turns[1], ref turns[0], begins: false));
        other.Start();
        one.Start();
        one.Join();
        other.Join();
        return nanoseconds;
    }

    private static double Play(int core, ref Turn mine, ref Turn theirs, bool begins)
    {
        Cores.Pin(core);
        long start = Stopwatch.GetTimestamp();
        for (int round = 1; round <= Rounds; round++)
        {
            if (begins)
                Volatile.Write(ref mine.Number, round);
            while (Volatile.Read(ref theirs.Number) < round)
                Thread.SpinWait(1);
            if (!begins)
                Volatile.Write(ref mine.Number, round);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Rounds;
    }

    /// <summary>A number on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Turn
    {
        [FieldOffset(256)]
        public int Number;
    }
}
