using System.Globalization;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>What a process holds of the machine.</summary>
/// <param name="Memory">Resident, in bytes.</param>
internal sealed record Footprint(int Process, long Memory, int Files, int Threads)
{
    public static Footprint Of(int process) => new(
        process,
        long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize,
        Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
        Directory.GetDirectories($"/proc/{process}/task").Length);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Memory >> 20} MB, {Files} files, {Threads} threads");
}
