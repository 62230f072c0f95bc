using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>The command, and the coordinator in it, may be killed at any moment; the same command goes on.</summary>
public sealed class CommandDeathTests(Controls controls, ITestOutputHelper log)
{
    private static readonly TimeSpan WorkersLeaveWithin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_command_killed_in_the_middle_is_resumed_to_the_same_end()
    {
        var control = await controls.OfAsync("search");
        await using var sandbox = new Sandbox("search");

        await RunAndKillAsync(sandbox, new Random(11), trials: (1, 4));

        var ending = await sandbox.SucceedAsync("--workers", "2");
        ending.Errors.ShouldContain(line => line.StartsWith("resuming ", StringComparison.Ordinal));
        sandbox.Leaderboard.ShouldBe(control.Leaderboard);
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_command_killed_again_and_again_is_resumed_to_the_same_end()
    {
        var control = await controls.OfAsync("search");
        await using var sandbox = new Sandbox("search");
        var dice = new Random(5);

        await RunAndKillAsync(sandbox, dice, trials: (1, 2));
        await RunAndKillAsync(sandbox, dice, trials: (3, 4));

        await sandbox.SucceedAsync("--workers", "2");
        sandbox.Leaderboard.ShouldBe(control.Leaderboard);
        sandbox.Results().ShouldBe(control.Results);
    }

    /// <summary>Kills the command, and nobody else, at a moment that the dice choose; then its workers leave by themselves.</summary>
    private async Task RunAndKillAsync(Sandbox sandbox, Random dice, (int First, int Last) trials)
    {
        var (trial, step) = (dice.Next(trials.First, trials.Last + 1), dice.Next(5, 110));
        log.WriteLine($"kills at step {step} of trial {trial}");
        var command = sandbox.Start("--workers", "2");
        await sandbox.ReachesAsync(command, trial, step);
        command.Workers.Count.ShouldBe(2);

        ProcessGroup.Signal(command.Id, ProcessGroup.Kill);

        (await command.EndAsync()).Code.ShouldBe(128 + ProcessGroup.Kill);
        await Eventually.Holds(() => ProcessGroup.Members(command.Id).Count == 0, "the workers of a dead command to leave", WorkersLeaveWithin);
    }
}
