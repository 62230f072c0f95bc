using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Tests.Runs;

public sealed class RunCommandTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("run a.yaml", null, "runs", false, OutputFormat.Text)]
    [InlineData("run a.yaml --workers 3 --runs there --plain --output json", 3, "there", true, OutputFormat.Json)]
    [InlineData("run --plain a.yaml", null, "runs", true, OutputFormat.Text)]
    public void Reads_its_options(string line, int? workers, string runs, bool plain, OutputFormat output)
    {
        var parsed = App.Root(bench.Ports).Parse(line.Split(' '));

        ((RunCommand)parsed.CommandResult.Command).Read(parsed).ShouldBe(new RunSettings("a.yaml", workers, runs, plain, output));
    }

    [Fact]
    public async Task A_sweep_that_succeeds_leaves_leaderboard_and_best_weights_and_ends_with_0()
    {
        bench.WriteWeights(2);
        bench.Coordinator = new ScriptedCoordinator(
            Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 10), Sweeps.Running(2, 12)),
            Sweeps.Finished());

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch("run-leaderboard");
        bench.Error.ShouldMatch("run-talk");
        File.ReadLines(Path.Combine(bench.RunFolder, "leaderboard.csv")).Count().ShouldBe(5);
        File.ReadAllText(Path.Combine(bench.RunFolder, "best", "weights.safetensors")).ShouldBe("weights of 2");
        bench.Coordinator.Submitted.ShouldBe(Sweeps.Spec);
        bench.Coordinator.Closed.ShouldBeTrue();
    }

    [Fact]
    public async Task Workers_are_told_all_they_need_and_asked_to_leave_at_the_end()
    {
        bench.WriteWeights(2);

        await bench.RunAsync("run FILE --runs RUNS");

        bench.Options!.ExpectedWorkers.ShouldBe(2);
        bench.Options.Journal.ShouldBe(new JournalDatabase.Sqlite(Path.Combine(bench.RunFolder, "journal.db")));
        bench.Workers.Started.Select(w => w.Launch.Name).ShouldBe(["worker-1", "worker-2"], ignoreOrder: true);
        var first = bench.Workers.Started.Single(w => w.Launch.Name == "worker-1");
        first.Launch.Binary.Executable.ShouldBe(bench.WorkerBinary);
        first.Launch.Log.ShouldBe(Path.Combine(bench.RunFolder, "logs", "worker-1.log"));
        string.Join(' ', first.Launch.Arguments).ShouldBe(
            $"--coordinator akka.tcp://gencluster@127.0.0.1:4053 --name worker-1 --runs {bench.Runs} --exit-with-parent --device cpu");
        bench.Workers.Started.ShouldAllBe(w => w.Asked && !w.Killed);
    }

    [Fact]
    public async Task A_sweep_of_one_trial_prints_its_whole_hash()
    {
        bench.WriteWeights(1);
        bench.Coordinator = new ScriptedCoordinator(Sweeps.View(SweepPhase.Running), Sweeps.View(SweepPhase.Succeeded, Sweeps.Succeeded(1, 40)));

        await bench.RunAsync("run FILE --runs RUNS");

        bench.Out.Split('\n').ShouldContain($"weights sha256: {Sweeps.Hash(1)}");
    }

    [Fact]
    public async Task Json_goes_to_standard_output_and_nothing_else_does()
    {
        bench.WriteWeights(2);

        (await bench.RunAsync("run FILE --runs RUNS --output json")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch("run-json");
    }

    [Fact]
    public async Task A_sweep_that_had_ended_is_shown_again_without_workers()
    {
        bench.WriteWeights(2);
        bench.Coordinator = new ScriptedCoordinator(Sweeps.Finished()) { Answer = new(null, Resumed: true) };

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Done);

        bench.Workers.Started.ShouldBeEmpty();
        bench.Error.ShouldMatch("run-again");
        bench.Out.ShouldMatch("run-leaderboard");
    }

    [Fact]
    public async Task Another_sweep_of_the_same_name_ends_with_2()
    {
        bench.Coordinator = new ScriptedCoordinator { Answer = new("'clothes' is there and differs in training.steps; choose another name", Resumed: false) };

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe("gencluster: 'clothes' is there and differs in training.steps; choose another name\n");
        bench.Out.ShouldBeEmpty();
        bench.Workers.Started.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_broken_file_ends_with_2_before_anything_is_made()
    {
        File.WriteAllText(bench.SweepFile, "kind: Swep\n");

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldContain("/tmp/clothes.yaml:1:7: error GC");
        Directory.Exists(bench.Runs).ShouldBeFalse();
    }

    [Fact]
    public async Task A_failed_sweep_ends_with_1_and_says_why()
    {
        bench.Coordinator = new ScriptedCoordinator(
            Sweeps.View(SweepPhase.Running),
            Sweeps.View(SweepPhase.Failed, Sweeps.Failed(1, "the loss of phase generator became NaN at step 212"), Sweeps.Succeeded(2, 44.5)));
        bench.WriteWeights(2);

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        (bench.Out + "---\n" + bench.Error).ShouldMatch("run-failed");
    }

    [Fact]
    public async Task A_halted_sweep_ends_with_1_and_says_how_to_go_on()
    {
        bench.Coordinator = new ScriptedCoordinator(
            Sweeps.View(SweepPhase.Running),
            Sweeps.View(SweepPhase.Halted, Sweeps.Running(1, 100)) with { HaltReason = "no space left on /data" });

        (await bench.RunAsync("run FILE --runs RUNS --workers 1")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldContain("gencluster: the sweep halted: no space left on /data\n");
        bench.Error.ShouldContain("resume with: gencluster run /tmp/clothes.yaml --workers 1 --runs /tmp/runs\n");
    }

    [Fact]
    public async Task A_signal_drains_stops_the_workers_and_ends_with_130()
    {
        bench.Coordinator = ScriptedCoordinator.Then(Sweeps.View(SweepPhase.Running, Sweeps.Running(1, 10)), _ => bench.Signal());

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Interrupted);

        bench.Coordinator.Drained.ShouldBeTrue();
        bench.Coordinator.Closed.ShouldBeTrue();
        bench.Workers.Started.ShouldAllBe(w => w.Exited.IsCompleted);
        bench.Error.ShouldEndWith("interrupted; resume with: gencluster run /tmp/clothes.yaml --runs /tmp/runs\n");
        bench.ExitedAtOnce.ShouldBeNull();
    }

    [Fact]
    public async Task Workers_that_leave_after_a_drain_are_not_started_again()
    {
        bench.Coordinator = ScriptedCoordinator.Then(
            Sweeps.View(SweepPhase.Running),
            async _ =>
            {
                while (bench.Workers.Started.Count < 2)
                    await Task.Yield();
                bench.Signal();
            },
            onDrain: _ =>
            {
                foreach (var worker in bench.Workers.Started)
                    worker.Exit(0);
                return Task.CompletedTask;
            });

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Interrupted);

        bench.Workers.Started.Count.ShouldBe(2);
        bench.Error.ShouldNotContain("died");
    }

    [Fact]
    public async Task A_drain_without_end_is_left_within_the_time_limit()
    {
        bench.Coordinator = ScriptedCoordinator.Then(Sweeps.View(SweepPhase.Running), _ => bench.Signal(), onDrain: cancellation =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(4));
            return Task.Delay(Timeout.Infinite, cancellation);
        });

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Interrupted);

        bench.Error.ShouldContain("the one before is used on resume");
    }

    [Fact]
    public async Task A_second_signal_ends_at_once()
    {
        bench.Coordinator = ScriptedCoordinator.Then(Sweeps.View(SweepPhase.Running), _ =>
        {
            bench.Signal();
            bench.Signal();
        });

        await bench.RunAsync("run FILE --runs RUNS");

        bench.ExitedAtOnce.ShouldBe(ExitCode.Interrupted);
    }

    [Fact]
    public async Task A_fault_of_the_coordinator_is_one_sentence_and_ends_with_1()
    {
        bench.Coordinator = ScriptedCoordinator.Then(Sweeps.View(SweepPhase.Running), c => c.Break("the journal cannot be written: disk full"));

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldContain("gencluster: the journal cannot be written: disk full\n");
        bench.Coordinator.Drained.ShouldBeFalse();
        bench.Workers.Started.ShouldAllBe(w => w.Exited.IsCompleted);
    }

    [Fact]
    public async Task Workers_that_cannot_start_stop_the_run_with_their_own_words()
    {
        using var broken = new Bench
        {
            Workers = new ScriptedWorkers((worker, _) =>
            {
                worker.LastError = "libtorch cannot be loaded: install libgomp1";
                worker.Exit(2);
            }),
            Coordinator = ScriptedCoordinator.Then(Sweeps.View(SweepPhase.Running), _ => { }),
        };

        (await broken.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        broken.Error.ShouldContain("cannot start: libtorch cannot be loaded: install libgomp1\n");
        broken.Workers.Started.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_missing_worker_is_told_with_its_remedy()
    {
        File.Delete(bench.WorkerBinary);

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldContain("gencluster: cannot find gencluster-worker in ");
        bench.Error.ShouldContain("set GENCLUSTER_WORKER to its path");
        bench.Coordinator.Closed.ShouldBeTrue();
    }

    [Fact]
    public async Task Lost_weights_are_not_passed_over_in_silence()
    {
        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldContain("gencluster: the weights of trial 2, the best, are not at /tmp/runs/clothes/trials/0002/weights.safetensors");
    }

    [Fact]
    public async Task Two_commands_do_not_share_a_run_folder()
    {
        using var held = GenCluster.Cli.Runs.RunFolder.Open(bench.Runs, "clothes");

        (await bench.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldBe(
            $"gencluster: /tmp/runs/clothes is in use by another gencluster command (process {Environment.ProcessId}); "
            + "wait for it, stop it, or choose another folder with --runs DIR\n");
    }

    [Fact]
    public async Task The_live_table_is_used_on_a_terminal_and_plain_lines_when_asked_for()
    {
        using var screen = new StringWriter();
        using var terminal = new Bench { Terminal = TestTerminal.Create(screen, 80) };
        terminal.WriteWeights(2);

        (await terminal.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Done);
        screen.ToString().ShouldContain("clothes  succeeded  4/4 trials");
        terminal.Error.ShouldNotContain("trial 2  succeeded");

        (await terminal.RunAsync("run FILE --runs RUNS --plain")).ShouldBe(ExitCode.Done);
        terminal.Error.ShouldContain("trial 2  succeeded");
    }
}
