using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Faults;

/// <summary>A disk that cannot be written ends a run with one sentence, and loses nothing that was finished.</summary>
public sealed class DiskTests(Controls controls)
{
    [Fact]
    public async Task A_disk_that_fills_up_in_the_middle_ends_the_run_and_space_lets_it_go_on_to_the_same_end()
    {
        var control = await controls.OfAsync("single");
        await using var disk = await TemporaryDisk.MountAsync();
        await using var sandbox = new Sandbox("single", runs: disk.Path);
        var command = sandbox.Start();
        await sandbox.ReachesAsync(command, trial: 1, step: 50);

        var end = command.EndAsync();
        await disk.FillUntilAsync(end);
        var ending = await end;

        ending.Code.ShouldBe(1, ending.ToString());
        ending.Sentence().ShouldMatch("no space left on device|disk is full");
        ending.Errors.ShouldContain(line => line.Contains("resume with: gencluster run ", StringComparison.Ordinal));
        ProcessGroup.Members(command.Id).ShouldBeEmpty();

        disk.Free();
        await sandbox.SucceedAsync();
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_worker_that_has_no_space_for_its_trial_halts_the_run_and_space_lets_it_go_on_to_the_same_end()
    {
        var control = await controls.OfAsync("single");
        await using var disk = await TemporaryDisk.MountAsync(kilobytes: 200);
        await using var sandbox = new Sandbox("single");
        Directory.CreateDirectory(sandbox.Folder);
        Directory.CreateSymbolicLink(Path.Combine(sandbox.Folder, "trials"), disk.Path);

        var ending = await sandbox.RunAsync();

        ending.Code.ShouldBe(1, ending.ToString());
        ending.Sentence().ShouldMatch("^gencluster: the sweep halted: trial 1: '.*' cannot be written: no space left on device");
        ending.Errors[^1].ShouldContain("resume with: gencluster run ");

        await disk.GrowAsync(kilobytes: 65536);
        await sandbox.SucceedAsync();
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_disk_that_is_full_at_the_start_is_told_at_once_and_space_lets_the_run_begin()
    {
        var control = await controls.OfAsync("single");
        await using var disk = await TemporaryDisk.MountAsync();
        await using var sandbox = new Sandbox("single", runs: disk.Path);

        Directory.CreateDirectory(sandbox.Folder);
        var command = sandbox.Start();
        var end = command.EndAsync();
        await disk.FillUntilAsync(end);
        var ending = await end;

        ending.Code.ShouldBe(1, ending.ToString());
        ending.Sentence().ShouldMatch("[Nn]o space left on device|disk is full");

        disk.Free();
        await sandbox.SucceedAsync();
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_run_folder_that_became_read_only_is_told_and_resumed_when_it_is_writable_again()
    {
        var control = await controls.OfAsync("single");
        await using var disk = await TemporaryDisk.MountAsync();
        await using var sandbox = new Sandbox("single", runs: disk.Path);
        var command = sandbox.Start();
        await sandbox.ReachesAsync(command, trial: 1, step: 50);
        ProcessGroup.Signal(command.Id, ProcessGroup.Interrupt);
        (await command.EndAsync()).Code.ShouldBe(130);

        await disk.MakeReadOnlyAsync();
        var ending = await sandbox.RunAsync();

        ending.Code.ShouldBe(1, ending.ToString());
        ending.Sentence().ShouldContain("ead-only file system");
        ending.Errors.Count.ShouldBe(1);

        await disk.MakeWritableAsync();
        await sandbox.SucceedAsync();
        sandbox.Results().ShouldBe(control.Results);
    }
}
