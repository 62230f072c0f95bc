using System.Text.RegularExpressions;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>A worker that is asked to leave hands over what it does, and one that is replaced without knowing disturbs nobody.</summary>
[Trait("Speed", "Slow")]
public sealed partial class DepartureTests(Controls controls)
{
    [Fact]
    public async Task A_member_that_others_can_do_without_hands_its_shards_over_and_leaves()
    {
        var control = await controls.OfAsync("gang");
        await using var sandbox = new Sandbox("gang");
        var command = sandbox.Start("--workers", "2");
        await sandbox.ReachesAsync(command, trial: 1, step: 15);

        for (int i = 0; i < 3; i++) // those who ask again hear nothing new
            Signal(command, "worker-1", ProcessGroup.Terminate);

        await command.SaysAsync("worker-1 left; starting it again");
        await command.SaysAsync(line => Handed().IsMatch(line), "the other worker goes on");
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        ending.Errors.ShouldNotContain(line => Resumed().IsMatch(line) || line.Contains(" died", StringComparison.Ordinal), ending.ToString());
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_member_that_is_needed_leaves_after_a_checkpoint_of_that_very_step()
    {
        var control = await controls.OfAsync("gang");
        await using var sandbox = new Sandbox("gang", text => text.Replace("min: 1, max: 3", "min: 2, max: 2", StringComparison.Ordinal).Replace("checkpointEvery: 10", "checkpointEvery: 60", StringComparison.Ordinal));
        var command = sandbox.Start("--workers", "2");
        await sandbox.ReachesAsync(command, trial: 1, step: 15);

        Signal(command, "worker-2", ProcessGroup.Terminate);

        await command.SaysAsync("worker-2 left; starting it again");
        string resumed = await command.SaysAsync(line => Resumed().IsMatch(line), "the trial goes on from a checkpoint that was not due");
        int.Parse(Resumed().Match(resumed).Groups[1].Value).ShouldBeGreaterThanOrEqualTo(15);
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_member_that_is_killed_before_it_could_leave_is_missed_and_no_more()
    {
        var control = await controls.OfAsync("gang");
        await using var sandbox = new Sandbox("gang");
        var command = sandbox.Start("--workers", "2");
        await sandbox.ReachesAsync(command, trial: 1, step: 15);

        int worker = IdOf(command, "worker-2");
        ProcessGroup.Signal(worker, ProcessGroup.Stop); // so it cannot
        ProcessGroup.Signal(worker, ProcessGroup.Terminate);
        await Task.Delay(TimeSpan.FromSeconds(5));
        ProcessGroup.Signal(worker, ProcessGroup.Kill);

        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        ending.Errors.ShouldContain(line => line.Contains("worker-2 died: signal 9", StringComparison.Ordinal), ending.ToString());
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_worker_that_thaws_when_another_has_its_trial_leaves_no_trace()
    {
        static string Longer(string text) => text.Replace("steps: 120", "steps: 1200", StringComparison.Ordinal).Replace("evaluateEvery: 40", "evaluateEvery: 50", StringComparison.Ordinal);
        await using var undisturbed = new Sandbox("single", Longer);
        await undisturbed.SucceedAsync();
        await using var sandbox = new Sandbox("single", Longer);
        var command = sandbox.Start("--workers", "2");
        string first = (await command.SaysAsync(Running))[Running.Length..];
        await sandbox.ReachesAsync(command, trial: 1, step: 70);

        int frozen = IdOf(command, first);
        ProcessGroup.Signal(frozen, ProcessGroup.Stop);
        string second = first == "worker-1" ? "worker-2" : "worker-1";
        await command.SaysAsync($"{Running}{second} from step ");
        int taken = sandbox.StepOf(1);
        await sandbox.ReachesAsync(command, trial: 1, step: taken + 30);
        ProcessGroup.Signal(frozen, ProcessGroup.Continue);

        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        sandbox.Results().ShouldBe(undisturbed.Results());
        EventFile.Count(Events(sandbox)).ShouldBe(EventFile.Count(Events(undisturbed)));
    }

    private const string Running = "trial 1  running on ";

    private static string Events(Sandbox sandbox) => Directory.GetFiles(sandbox.TrialFolder(1), "*tfevents*").Single();

    private static void Signal(Gencluster command, string worker, int signal) => ProcessGroup.Signal(IdOf(command, worker), signal);

    private static int IdOf(Gencluster command, string worker) => command.Workers.Single(w => w.Argument("--name") == worker).Id;

    [GeneratedRegex("^notice: trial 1: worker-1 leaves; 1 worker goes on")]
    private static partial Regex Handed();

    [GeneratedRegex("^trial 1  running on .* from step ([1-9][0-9]*)")]
    private static partial Regex Resumed();
}
