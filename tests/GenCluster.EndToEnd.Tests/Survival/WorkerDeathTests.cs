using System.Text.RegularExpressions;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>A worker that is killed costs the step in flight, or those since the last checkpoint where it was alone, and shows nowhere in the results.</summary>
public sealed partial class WorkerDeathTests(Controls controls)
{
    private const string Running = "trial 1  running on ";

    [Fact]
    public async Task The_trial_of_a_killed_worker_goes_on_from_its_checkpoint_to_the_same_end()
    {
        var control = await controls.OfAsync("search");
        await using var sandbox = new Sandbox("search");
        var command = sandbox.Start("--workers", "2");

        await sandbox.ReachesAsync(command, trial: 1, step: 70);
        Kill(command, await WorkerOfFirstTrialAsync(command));

        await command.SaysAsync(" died: signal 9");
        await command.SaysAsync(line => Resumed().IsMatch(line), "the first trial goes on from a checkpoint");
        (await command.EndAsync()).Code.ShouldBe(0);
        sandbox.Leaderboard.ShouldBe(control.Leaderboard);
        sandbox.Results().ShouldBe(control.Results);
    }

    [Theory]
    [InlineData("worker-1")]
    [InlineData("worker-2")]
    public async Task A_gang_that_loses_its_leader_or_a_follower_ends_with_the_same_weights(string victim)
    {
        var control = await controls.OfAsync("gang");
        await using var sandbox = new Sandbox("gang");
        var command = sandbox.Start("--workers", "2");

        await sandbox.ReachesAsync(command, trial: 1, step: 25);
        Kill(command, victim);

        await command.SaysAsync($"{victim} died: signal 9");
        await command.SaysAsync(line => GoesOn().IsMatch(line), "the other worker goes on");
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        ending.Errors.ShouldNotContain(line => Resumed().IsMatch(line), ending.ToString());
        sandbox.Results().ShouldBe(control.Results);
    }

    private static async Task<string> WorkerOfFirstTrialAsync(Gencluster command) => (await command.SaysAsync(Running))[Running.Length..];

    private static void Kill(Gencluster command, string worker) =>
        ProcessGroup.Signal(command.Workers.Single(w => w.Argument("--name") == worker).Id, ProcessGroup.Kill);

    [GeneratedRegex("^notice: trial 1: .* was lost .*; 1 worker goes on")]
    private static partial Regex GoesOn();

    [GeneratedRegex("^trial 1  running on .* from step [1-9]")]
    private static partial Regex Resumed();
}
