using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>The process that holds the coordinator is killed; the same command goes on.</summary>
internal static class CoordinatorFaults
{
    private static readonly string[] Moments = ["Persisting", "Persisted", "Acknowledged"];

    public static async Task KillAtWrites(Arena arena)
    {
        foreach (string moment in Moments)
        {
            var command = arena.Start();
            await arena.StrikeAsync(command, $"kill GenCluster-Coordinator/{moment}:{arena.Dice.Next(1, 7)} in gencluster");
            (await command.EndAsync()).Code.ShouldBe(128 + ProcessGroup.Kill);
            await Eventually.Holds(() => ProcessGroup.Members(command.Id).Count == 0, "the workers of a dead command to leave");
        }

        await arena.ResumeAsync();
    }

    public static async Task PowerCut(Arena arena)
    {
        for (int cut = 0; cut < 2; cut++)
        {
            var command = arena.Start();
            await arena.TrainsAsync(command);
            await Task.Delay(arena.Dice.Next(100, 1500));
            ProcessGroup.SignalAll(command.Id, ProcessGroup.Kill);
            await command.EndAsync();
            arena.Note("kill all");
        }

        await arena.ResumeAsync();
    }
}
