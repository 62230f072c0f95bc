using System.Globalization;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>What a process holds of the machine.</summary>
/// <param name="Memory">Resident, in bytes.</param>
internal sealed record Footprint(int Process, long Memory, int Files, int Threads)
{
    public static Footprint Of(int process) => new(
        process,
        Proc.MemoryOf(process),
        Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
        Directory.GetDirectories($"/proc/{process}/task").Length);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Memory >> 20} MB, {Files} files, {Threads} threads");
}
