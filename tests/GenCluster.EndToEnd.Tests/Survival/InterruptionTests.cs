using System.Diagnostics;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>A signal stops a run soon, cleanly and with a word on how to go on.</summary>
public sealed class InterruptionTests(Controls controls, ITestOutputHelper log)
{
    private const string Resume = "interrupted; resume with: gencluster ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <remarks>A terminal sends Ctrl-C to all processes of the group; a supervisor sends SIGTERM to one.</remarks>
    [Theory]
    [InlineData(ProcessGroup.Interrupt, true)]
    [InlineData(ProcessGroup.Terminate, false)]
    public async Task Stops_after_a_checkpoint_and_the_line_it_prints_resumes_to_the_same_end(int signal, bool toAll)
    {
        var control = await controls.OfAsync("search");
        await using var sandbox = new Sandbox("search");
        var command = sandbox.Start("--workers", "2");
        await sandbox.ReachesAsync(command, trial: 2, step: 50);

        var clock = Stopwatch.StartNew();
        (toAll ? ProcessGroup.SignalAll : (Action<int, int>)ProcessGroup.Signal)(command.Id, signal);
        var ending = await command.EndAsync();
        log.WriteLine($"stopped within {clock.Elapsed.TotalSeconds:0.0} s");

        ending.Code.ShouldBe(130, ending.ToString());
        clock.Elapsed.ShouldBeLessThan(Limit);
        ProcessGroup.Members(command.Id).ShouldBeEmpty();
        string resume = ending.Errors[^1];
        resume.ShouldStartWith(Resume);

        var resumed = await sandbox.StartWith(resume[Resume.Length..].Split(' ')).EndAsync();
        resumed.Code.ShouldBe(0, resumed.ToString());
        resumed.Errors.ShouldContain(line => line.StartsWith("resuming ", StringComparison.Ordinal));
        sandbox.Leaderboard.ShouldBe(control.Leaderboard);
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_signal_before_the_first_worker_is_there_stops_too()
    {
        await using var sandbox = new Sandbox("single");
        var command = sandbox.Start();
        await command.Holds(() => File.Exists(Path.Combine(sandbox.Folder, "lock")), "the run folder is taken");

        var clock = Stopwatch.StartNew();
        ProcessGroup.SignalAll(command.Id, ProcessGroup.Interrupt);
        var ending = await command.EndAsync();

        ending.Code.ShouldBe(130, ending.ToString());
        clock.Elapsed.ShouldBeLessThan(Limit);
        ProcessGroup.Members(command.Id).ShouldBeEmpty();
    }
}
