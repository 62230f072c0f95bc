using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Worker.Tests.Support;

namespace GenCluster.Worker.Tests.Programs;

/// <summary>Programs of Python as trials, with real processes: what they say, and how they end.</summary>
public sealed class ProgramTrialRunnerTests : IDisposable
{
    private readonly ProgramBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_program_reports_and_succeeds()
    {
        const string Script = """
            import json, sys
            assert sys.argv[1:] == ["--lr=0.5", "--name=two words; $HOME"], sys.argv
            print("some text", file=sys.stderr)
            for epoch in range(1, 4):
                print(json.dumps({"epoch": epoch, "loss": 1 / epoch, "note": "x"}))
            """;
        var settings = new Assignment([new("lr", ParameterValue.Of(0.5)), new("name", ParameterValue.Of("two words; $HOME"))]);

        var outcome = await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script, arguments: "${args}"), settings: settings));

        outcome.ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(3);
        bench.Reports.ShouldBe([.. Enumerable.Range(1, 3).Select(i => new MetricReport(i, [new("epoch", i), new("loss", 1.0 / i)]))]);
        File.ReadAllText(Path.Combine(bench.TrialFolder(), "metrics.csv")).ShouldContain("2,loss,0.5\n");
        File.ReadAllText(Path.Combine(bench.TrialFolder(), "attempts/0001-0/stderr.txt")).ShouldBe("some text\n");
        bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_left_in_the_checkpoint_folder_is_the_result_and_its_hash_that_of_the_trial()
    {
        const string Script = """
            import os
            open(os.environ["GENCLUSTER_CHECKPOINT_DIR"] + "/model", "w").write("weights")
            print("loss=1")
            """;

        var first = await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script)));
        var second = await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script.Replace("weights", "other")), epoch: 2, trial: 2));

        File.ReadAllText(Path.Combine(bench.TrialFolder(), "result", "model")).ShouldBe("weights");
        string hash = first.ShouldBeOfType<RunOutcome.Completed>().WeightsSha256;
        hash.Length.ShouldBe(64);
        second.ShouldBeOfType<RunOutcome.Completed>().WeightsSha256.ShouldNotBe(hash);
    }

    [Theory]
    [InlineData("import sys; sys.exit(42)", FailureClass.UserError, "the program says that its input is wrong (exit code 42)")]
    [InlineData("import sys; print('loss=1'); sys.exit(75)", FailureClass.Preempted, "the program asks to be started again")]
    [InlineData("raise ValueError('no such optimizer')", FailureClass.UserError, "the program ended with exit code 1; it said last: Traceback")]
    [InlineData("import os; os.kill(os.getpid(), 9)", FailureClass.Lost, "the program was killed by SIGKILL")]
    [InlineData("import os; os.kill(os.getpid(), 15)", FailureClass.UserError, "the program was ended by a SIGTERM that is not ours")]
    [InlineData("print('accuracy=1')", FailureClass.UserError, "the program ended well without a value of 'loss'")]
    [InlineData("import time; print('loss=nan'); time.sleep(600)", FailureClass.NonFinite, "'loss' is NaN at step 1")]
    public async Task How_it_ends_has_a_class_and_a_sentence(string script, FailureClass failure, string message)
    {
        var broken = (await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(script)))).ShouldBeOfType<RunOutcome.Broken>();

        broken.Message.ShouldStartWith(message);
        broken.Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task The_end_of_what_it_said_is_in_the_message() =>
        (await bench.RunAsync(ProgramBench.Order(ProgramBench.Python("raise ValueError('no such optimizer')"))))
            .ShouldBeOfType<RunOutcome.Broken>().Message.ShouldEndWith("ValueError: no such optimizer");

    [Theory]
    [InlineData("no-such-program", "gencluster: 'no-such-program' cannot be started: there is no such program on the PATH")]
    [InlineData("./missing.sh", "gencluster: './missing.sh' cannot be started: there is no such file, seen from '")]
    [InlineData("${x}", "argument 1 of the command, '${x}': '${x}' is no macro")]
    public async Task A_program_that_cannot_be_started_is_the_user_s_mistake(string program, string message)
    {
        var broken = (await bench.RunAsync(ProgramBench.Order(new CommandSpec([program])))).ShouldBeOfType<RunOutcome.Broken>();

        broken.Message.ShouldStartWith(message);
        broken.Failure.ShouldBe(FailureClass.UserError);
    }

    [Fact]
    public async Task Lines_of_a_file_are_followed()
    {
        const string Script = """
            import os
            with open(os.environ["GENCLUSTER_METRICS_FILE"], "a") as out:
                for i in range(3):
                    out.write('{"loss": %d}\n' % i)
            print("loss=99")
            """;

        await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script, MetricsSource.File)));

        bench.Reports.Select(r => r.Find("loss")).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task The_history_of_W_and_B_is_followed()
    {
        const string Script = """
            import json, os
            assert os.environ["WANDB_MODE"] == "offline"
            run = os.environ["WANDB_DIR"] + "/wandb/offline-run-1/files"
            os.makedirs(run)
            with open(run + "/wandb-history.jsonl", "w") as out:
                for step in range(3):
                    out.write(json.dumps({"_step": step, "_runtime": 1.5, "loss": step * 2}) + "\n")
            """;

        await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script, MetricsSource.Wandb)));

        bench.Reports.ShouldBe([.. Enumerable.Range(0, 3).Select(i => new MetricReport(i + 1, [new("loss", 2 * i)]))]);
    }

    [Fact]
    public async Task What_is_sent_is_reported_and_stored_before_it_is_answered()
    {
        const string Script = """
            import json, os, urllib.request
            for epoch in (1, 2):
                open(os.environ["GENCLUSTER_CHECKPOINT_DIR"] + "/state", "w").write(str(epoch))
                request = urllib.request.Request(os.environ["GENCLUSTER_METRICS_URL"], json.dumps({"epoch": epoch, "loss": 3}).encode(),
                    {"Authorization": "Bearer " + os.environ["GENCLUSTER_METRICS_TOKEN"]})
                assert urllib.request.urlopen(request).status == 204
            """;

        (await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script, MetricsSource.Http)))).ShouldBeOfType<RunOutcome.Completed>();

        bench.Reports.Select(r => r.Step).ShouldBe([1, 2]);
        bench.Checkpoints[0].Step.ShouldBe(1);
        bench.Checkpoints[^1].Step.ShouldBe(2);
    }

    [Fact]
    public async Task A_drained_program_is_asked_to_end_and_goes_on_elsewhere_with_what_it_saved()
    {
        const string Script = """
            import json, os, signal, sys, time
            path = os.environ["GENCLUSTER_CHECKPOINT_DIR"] + "/state"
            epoch = int(open(path).read()) if os.path.exists(path) else 0
            assert epoch == int(os.environ["GENCLUSTER_STEP"])
            def save(*_):
                open(path, "w").write(str(epoch))
                sys.exit(143)
            signal.signal(signal.SIGTERM, save)
            while epoch < 3:
                epoch += 1
                print(json.dumps({"epoch": epoch, "loss": epoch}))
                if epoch == 2 and os.environ["GENCLUSTER_ATTEMPT"] == "1":
                    time.sleep(600)
            """;
        var command = ProgramBench.Python(Script);
        bench.Start(ProgramBench.Order(command));
        bench.Hears("report 2");
        bench.Control.Drain();

        (await bench.EndAsync()).ShouldBe(new RunOutcome.Drained(2));
        bench.Checkpoints.ShouldHaveSingleItem().Step.ShouldBe(2);

        using var other = new ProgramBench(bench.Root);
        (await other.RunAsync(ProgramBench.Order(command, epoch: 2, checkpoints: [.. bench.Checkpoints]))).ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(3);
        other.Reports.ShouldHaveSingleItem().Step.ShouldBe(3);
    }

    [Fact]
    public async Task At_a_milestone_a_program_is_paused_with_what_it_saves_then()
    {
        const string Script = """
            import os, signal, sys, time
            path = os.environ["GENCLUSTER_CHECKPOINT_DIR"] + "/state"
            epoch = int(open(path).read()) if os.path.exists(path) else 0
            def save(*_):
                open(path, "w").write(str(epoch))
                sys.exit(0)
            signal.signal(signal.SIGTERM, save)
            while epoch < 4:
                epoch += 1
                print(f"epoch={epoch} loss={epoch}")
                if epoch == 2 and os.environ["GENCLUSTER_ATTEMPT"] == "1":
                    time.sleep(600)
            """;
        var command = ProgramBench.Python(Script);

        (await bench.RunAsync(ProgramBench.Order(command) with { Until = 2 })).ShouldBe(new RunOutcome.Drained(2));
        bench.Reports.Select(r => r.Step).ShouldBe([1, 2]);

        using var other = new ProgramBench(bench.Root);
        var outcome = await other.RunAsync(ProgramBench.Order(command, epoch: 2, checkpoints: [.. bench.Checkpoints]));
        outcome.ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(4);
        other.Reports.Select(r => r.Step).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task A_milestone_whose_checkpoint_cannot_be_stored_is_an_error_of_the_program()
    {
        const string Script = """
            import os, time
            folder = os.environ["GENCLUSTER_CHECKPOINT_DIR"]
            with open(folder + "/huge", "wb") as f:
                f.truncate((1 << 30) + 1)
            print("epoch=1 loss=1")
            print("epoch=2 loss=2")
            time.sleep(600)
            """;

        var broken = (await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script)) with { Until = 2 })).ShouldBeOfType<RunOutcome.Broken>();

        broken.Failure.ShouldBe(FailureClass.UserError);
        broken.Message.ShouldBe("the checkpoint folder could not be stored at step 2, where the trial was to wait; docs/programs.md says how much may be in it");
        bench.Checkpoints.ShouldBeEmpty();
        bench.Warnings.ShouldContain(w => w.Contains("1024 MiB in all"));
    }

    [Fact]
    public async Task What_is_reached_is_the_result_of_a_program_that_is_told_to_finish()
    {
        bench.Start(ProgramBench.Order(ProgramBench.Python("import time; print('loss=1'); time.sleep(600)")));
        bench.Hears("report 1");
        bench.Control.Drain(andFinish: true);

        (await bench.EndAsync()).ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(1);
    }

    [Fact]
    public async Task A_trial_may_begin_from_what_another_has_saved()
    {
        const string Save = "import os; open(os.environ['GENCLUSTER_CHECKPOINT_DIR'] + '/state', 'w').write('seven'); print('loss=1')";
        const string Go = "import os; assert open(os.environ['GENCLUSTER_CHECKPOINT_DIR'] + '/state').read() == 'seven'; print('loss=2')";
        await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Save)));
        var order = ProgramBench.Order(ProgramBench.Python(Go), trial: 2);
        var origin = new TrialOrigin(new(order.Lease.Trial.Sweep, 1), bench.Checkpoints[^1]);

        (await bench.RunAsync(order with { Definition = order.Definition with { Origin = origin } })).ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(2);
    }

    [Fact]
    public async Task A_program_that_keeps_no_checkpoint_begins_anew()
    {
        bench.Start(ProgramBench.Order(ProgramBench.Python("import time; print('loss=1'); print('loss=2'); time.sleep(600)")));
        bench.Hears("report 2");
        bench.Control.Drain();
        (await bench.EndAsync()).ShouldBe(new RunOutcome.Drained(2));

        using var other = new ProgramBench(bench.Root);
        await other.RunAsync(ProgramBench.Order(ProgramBench.Python("import os; assert os.environ['GENCLUSTER_STEP'] == '0'; print('loss=3')"), epoch: 2, checkpoints: [.. bench.Checkpoints]));
        other.Reports.ShouldHaveSingleItem().Step.ShouldBe(1);
    }

    [Fact]
    public async Task A_program_that_ignores_the_request_is_killed_when_its_grace_is_over()
    {
        bench.Start(ProgramBench.Order(ProgramBench.Python(
            "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('pid', 'w').write(str(os.getpid())); print('loss=1'); time.sleep(600)", grace: 0)));
        bench.Hears("report 1");
        bench.Control.Drain();

        (await bench.EndAsync()).ShouldBe(new RunOutcome.Drained(1));

        Processes.Lives(int.Parse(bench.Wrote("pid"))).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_that_a_program_starts_outlives_it(bool aborted)
    {
        const string Script = """
            import os, signal, sys, time
            def child(name, away):
                if os.fork() == 0:
                    if away:
                        os.setsid()
                        if os.fork() > 0:
                            os._exit(0)
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    open(name + ".part", "w").write(str(os.getpid()))
                    os.rename(name + ".part", name)
                    time.sleep(600)
            child("near", False)
            child("far", True)
            while not (os.path.exists("near") and os.path.exists("far")):
                time.sleep(0.01)
            print("loss=1")
            if len(sys.argv) > 1:
                time.sleep(600)
            """;
        bench.Start(ProgramBench.Order(ProgramBench.Python(Script, grace: 1, arguments: aborted ? ["stay"] : [])));
        bench.Hears("report 1");
        if (aborted)
            bench.Control.Abort();

        var outcome = await bench.EndAsync();

        if (aborted)
            outcome.ShouldBeNull();
        else
            outcome.ShouldBeOfType<RunOutcome.Completed>();
        Processes.Lives(int.Parse(bench.Wrote("near"))).ShouldBeFalse();
        Processes.Lives(int.Parse(bench.Wrote("far"))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_flood_of_output_of_any_kind_is_cut_and_its_reports_are_heard()
    {
        const string Script = """
            import os, sys
            out = sys.stdout.buffer
            out.write(b"loss=5\n")
            for _ in range(64):
                out.write(os.urandom(1 << 16).replace(b"\n", b" ") * 4)
            out.write(b"\nloss=4\n")
            for i in range(100000):
                out.write(b"a line of text that tells nothing, and another one\n")
            out.write(b"loss=3\n")
            """;

        var outcome = await bench.RunAsync(ProgramBench.Order(ProgramBench.Python(Script)));

        outcome.ShouldBeOfType<RunOutcome.Completed>();
        bench.Reports.Select(r => r.Find("loss")).ShouldBe([5, 4, 3]);
        var file = new FileInfo(Path.Combine(bench.TrialFolder(), "attempts/0001-0/stdout.txt"));
        file.Length.ShouldBeLessThan(5 * 1024 * 1024);
        File.ReadAllText(file.FullName).ShouldEndWith("loss=3\n");
    }

    [Fact]
    public async Task A_program_reads_no_orders_that_are_meant_for_others() =>
        (await bench.RunAsync(ProgramBench.Order(ProgramBench.Python("import sys; assert sys.stdin.read() == ''; print('loss=1')")))).ShouldBeOfType<RunOutcome.Completed>();

    [Fact]
    public async Task The_program_goes_on_when_its_gang_of_one_is_only_counted_anew()
    {
        var order = ProgramBench.Order(ProgramBench.Python("import os, time; print('loss=1')\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('loss=2')"));
        bench.Start(order);
        bench.Hears("report 1");
        bench.Control.Regroup(order with { Lease = order.Lease with { Epoch = 2 }, Forced = true });
        bench.Hears("started 1");
        await File.WriteAllTextAsync(Path.Combine(bench.TrialFolder(), "work", "go"), "", TestContext.Current.CancellationToken);

        (await bench.EndAsync()).ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(2);
    }
}
