using System.Diagnostics;
using System.Globalization;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>Workers die, freeze, starve, leave, and are cut off, while their command lives.</summary>
internal static class WorkerFaults
{
    public static async Task KillInAllReduce(Arena arena)
    {
        var command = arena.Start();
        await arena.StrikeAsync(command, $"kill GenCluster-Collectives/Part:{arena.Dice.Next(1, 100)}");
        await arena.StrikeAsync(command, $"kill GenCluster-Collectives/Send:{arena.Dice.Next(1, 20)}");
        await arena.EndsWellAsync(command);
    }

    public static async Task Freeze(Arena arena)
    {
        int seconds = new[] { 10, 2, 60 }[(arena.Seed - 1) % 3];
        var command = arena.Start();
        var strike = await arena.StrikeAsync(command, $"stop GenCluster-Training/Phase[phase=reduce]:{arena.Dice.Next(1, 60)}");
        arena.Note($"for {seconds} s");
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(seconds)), command.EndAsync(TimeSpan.FromMinutes(5)));
        ProcessGroup.Signal(strike.Id, ProcessGroup.Continue);
        var ending = await arena.EndsWellAsync(command);
        if (seconds == 2)
            ending.Errors.ShouldNotContain(line => line.Contains("lost", StringComparison.Ordinal), ending.ToString());
    }

    public static async Task Starve(Arena arena)
    {
        var command = arena.Start();
        await arena.TrainsAsync(command);
        arena.Note("16 busy loops");
        await using (Gencluster.StartProgram("sh", ["-c", "for i in $(seq 16); do while :; do :; done & done; wait"]))
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(20)), command.EndAsync(TimeSpan.FromMinutes(5)));
        var ending = await arena.EndsWellAsync(command);
        ending.Errors.ShouldNotContain(line => line.Contains("lost", StringComparison.Ordinal) || line.Contains("died", StringComparison.Ordinal), ending.ToString());
    }

    public static async Task Part(Arena arena)
    {
        var command = arena.Start();
        switch ((arena.Seed - 1) % 5)
        {
            case 0:
                await arena.StrikeAsync(command, $"cut 12000ms GenCluster-Training/Phase[phase=backward]:{arena.Dice.Next(1, 60)}");
                break;
            case 1:
                await arena.StrikeAsync(command, $"cut 3000ms GenCluster-Collectives/Send:{arena.Dice.Next(1, 20)}");
                break;
            case 2:
                for (int flap = 0; flap < 4; flap++)
                {
                    await arena.StrikeAsync(command, "cut 500ms GenCluster-Training/Phase[phase=reduce]:3");
                    await Task.Delay(500);
                }

                break;
            case 3:
                await arena.StrikeAsync(command, $"deafen GenCluster-Training/Phase[phase=backward]:{arena.Dice.Next(1, 60)}");
                break;
            default:
                await arena.TrainsAsync(command);
                foreach (var worker in command.Workers.OrderBy(worker => worker.Argument("--name")).Take(2))
                    ProcessGroup.Signal(worker.Id, ProcessGroup.Kill);
                arena.Note("kill 2 of 3 workers");
                break;
        }

        await arena.EndsWellAsync(command);
    }

    /// <summary>For all workers, until the end.</summary>
    public static async Task BadLink(Arena arena)
    {
        var command = arena.Start();
        for (int n = 1; n <= Arena.Workers; n++)
            await arena.StrikeAsync(command, $"impair 600000ms GenCluster-Training/Phase[phase=backward]:{arena.Dice.Next(1, 10)} in worker-{n}");
        var ending = await arena.EndsWellAsync(command);
        ending.Errors.ShouldNotContain(line => line.Contains("lost", StringComparison.Ordinal), ending.ToString());
    }

    /// <summary>What the worker has stays; what it asks for from now on is refused.</summary>
    public static async Task OutOfMemory(Arena arena)
    {
        var command = arena.Start();
        var strike = await arena.StrikeAsync(command, $"note GenCluster-Training/Phase[phase=forward]:{arena.Dice.Next(1, 60)}");
        long now = long.Parse(
            (await File.ReadAllTextAsync($"/proc/{strike.Id}/statm")).Split(' ')[0], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        using var limit = Process.Start("prlimit", ["--pid", $"{strike.Id}", $"--as={now}"]);
        await limit.WaitForExitAsync();
        arena.Note("no more memory");
        await arena.EndsWellAsync(command);
    }

    public static async Task Leave(Arena arena)
    {
        var command = arena.Start();
        var first = await arena.StrikeAsync(command, $"note GenCluster-Training/Phase[phase=forward]:{arena.Dice.Next(1, 60)}");
        ProcessGroup.Signal(first.Id, ProcessGroup.Terminate);
        var second = await arena.StrikeAsync(command, $"note GenCluster-Training/Phase[phase=backward]:{arena.Dice.Next(1, 60)}");
        ProcessGroup.Signal(second.Id, ProcessGroup.Terminate);
        await Task.Delay(50);
        ProcessGroup.Signal(second.Id, ProcessGroup.Kill);
        await arena.TrainsAsync(command);
        ProcessGroup.Signal(command.Id, ProcessGroup.Terminate);
        (await command.EndAsync()).Code.ShouldBe(130);
        arena.Note("SIGTERM to the command");
        await arena.ResumeAsync();
    }
}
