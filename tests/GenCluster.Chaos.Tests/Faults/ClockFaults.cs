using System.Diagnostics;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>The wall clock jumps. Needs a C compiler: a small library stands between the programs and the clock.</summary>
internal static class ClockFaults
{
    private const long Hour = 3600;

    public static async Task Jump(Arena arena)
    {
        string folder = Directory.CreateTempSubdirectory("gencluster-clock-").FullName;
        try
        {
            string library = Path.Combine(folder, "clock.so"), offset = Path.Combine(folder, "offset");
            using (var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(AppContext.BaseDirectory, "Harness", "clock.c"), "-ldl"]))
            {
                await compiler.WaitForExitAsync();
                compiler.ExitCode.ShouldBe(0);
            }

            Set(offset, 0);
            var command = arena.Start(new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["CLOCK_OFFSET"] = offset });
            foreach (long jump in new[] { Hour, -Hour, 0 })
            {
                await arena.TrainsAsync(command);
                Set(offset, jump);
                arena.Note($"{jump:+0;-0;0} s");
                await Task.Delay(arena.Dice.Next(100, 600));
            }

            var ending = await arena.EndsWellAsync(command);
            ending.Errors.ShouldNotContain(line => line.Contains("lost", StringComparison.Ordinal), ending.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In place: the programs have the file mapped.
    private static void Set(string file, long seconds)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(BitConverter.GetBytes(seconds));
    }
}
