using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>The same command again, when it has nothing to do or must not do it.</summary>
public sealed class RepetitionTests(Controls controls)
{
    [Fact]
    public async Task A_sweep_that_has_ended_is_shown_again_and_not_trained_again()
    {
        var control = await controls.OfAsync("single");
        var before = control.Results;

        await using var again = Gencluster.Start(control.Sandbox.Run());
        var ending = await again.EndAsync();

        ending.Code.ShouldBe(0, ending.ToString());
        ending.Output.ShouldBe(control.Ending.Output);
        ending.Errors[0].ShouldContain("had already ended");
        ending.Errors.ShouldAllBe(line => !line.Contains("joined", StringComparison.Ordinal));
        control.Results.ShouldBe(before);
    }

    [Fact]
    public async Task Another_sweep_under_the_name_of_one_that_exists_is_refused()
    {
        var control = await controls.OfAsync("single");
        await using var other = new Sandbox(
            "single", text => text.Replace("steps: 120", "steps: 200", StringComparison.Ordinal), control.Sandbox.Runs);
        var before = control.Results;

        var ending = await other.RunAsync();

        ending.Code.ShouldBe(2, ending.ToString());
        ending.Sentence().ShouldContain("'single' exists");
        ending.Output.ShouldBeEmpty();
        control.Results.ShouldBe(before);
    }

    [Fact]
    public async Task A_second_command_in_the_same_run_folder_is_turned_away_and_the_first_goes_on()
    {
        var control = await controls.OfAsync("single");
        await using var sandbox = new Sandbox("single");
        var first = sandbox.Start();
        await first.SaysAsync("worker-1 joined");

        var second = await sandbox.RunAsync();

        second.Code.ShouldBe(1, second.ToString());
        second.Errors.ShouldBe([$"gencluster: {sandbox.Folder} is in use by another gencluster command (process {first.Id}); "
            + "wait for it, stop it, or choose another folder with --runs DIR"]);
        (await first.EndAsync()).Code.ShouldBe(0);
        sandbox.Results().ShouldBe(control.Results);
    }
}
