using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GenCluster.Benchmarks.Crews;

/// <summary>Which member runs where.</summary>
internal static partial class Cores
{
    /// <summary>A core of its own for each member; none in particular where there are not enough.</summary>
    /// <returns>The core, or -1.</returns>
    public static int For(int member, int members) => members <= Environment.ProcessorCount ? member : -1;

    /// <summary>Keeps the calling thread on a core; a negative one leaves it free.</summary>
    public static void Pin(int core)
    {
        if (core < 0)
            return;
        ulong mask = 1UL << core;
        if (SetAffinity(0, sizeof(ulong), ref mask) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ref ulong mask);
}
