using GenCluster.Cli.Tests.Support;
using GenCluster.Cli.Workers;

namespace GenCluster.Cli.Tests.Workers;

public sealed class WorkerSupervisorTests
{
    private readonly ManualTime time = new();
    private readonly List<string> said = [];

    [Fact]
    public async Task A_worker_that_dies_is_started_again_under_its_name()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = new ScriptedWorkers((worker, before) =>
        {
            if (before == 0)
                Die(worker, 137);
            else
                second.SetResult();
        });
        var supervisor = Supervisor(workers, 1);

        supervisor.Start([Launch("worker-1")]);
        await second.Task;
        await supervisor.StopAsync(TimeSpan.FromSeconds(1));

        workers.Started.Select(w => w.Launch.Name).ShouldBe(["worker-1", "worker-1"]);
        said.ShouldBe(["worker-1 died: signal 9, see /logs/worker-1.log; starting it again"]);
        supervisor.GaveUp.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, "left")]
    [InlineData(WorkerSupervisor.LeftInHaste, "left in haste")]
    public async Task A_worker_that_somebody_else_has_asked_to_leave_is_started_again(int code, string ended)
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = new ScriptedWorkers((worker, before) =>
        {
            if (before == 0)
                Die(worker, code);
            else
                second.SetResult();
        });
        var supervisor = Supervisor(workers, 1);

        supervisor.Start([Launch("worker-1")]);
        await second.Task;
        await supervisor.StopAsync(TimeSpan.FromSeconds(1));

        said.ShouldBe([$"worker-1 {ended}; starting it again"]);
    }

    [Fact]
    public async Task A_worker_that_dies_too_often_is_given_up_with_its_last_words()
    {
        var workers = new ScriptedWorkers((worker, _) => Die(worker, 134, "Aborted."));
        var supervisor = Supervisor(workers, 1);

        supervisor.Start([Launch("worker-1")]);

        (await supervisor.GaveUp).ShouldBe("worker-1 died 5 times within 60 s and is not started again: signal 6, last words: Aborted.");
        workers.Started.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_worker_that_leaves_too_often_is_given_up_and_not_said_to_have_died()
    {
        var supervisor = Supervisor(new ScriptedWorkers((worker, _) => Die(worker, 0)), 1);

        supervisor.Start([Launch("worker-1")]);

        (await supervisor.GaveUp).ShouldStartWith("worker-1 left 5 times within 60 s and is not started again: ");
    }

    [Fact]
    public async Task Deaths_far_apart_are_forgiven()
    {
        var survived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = new ScriptedWorkers((worker, before) =>
        {
            time.Advance(TimeSpan.FromSeconds(20));
            if (before == 12)
                survived.SetResult();
            else
                Die(worker, 1);
        });
        var supervisor = Supervisor(workers, 1);

        supervisor.Start([Launch("worker-1")]);
        await survived.Task;
        await supervisor.StopAsync(TimeSpan.FromSeconds(1));

        supervisor.GaveUp.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task The_run_goes_on_while_enough_workers_are_left()
    {
        var toldOf = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = new ScriptedWorkers((worker, _) =>
        {
            if (worker.Launch.Name == "worker-2")
                Die(worker, 1);
        });
        var supervisor = new WorkerSupervisor(workers, SupervisionOptions.For(1), time, line =>
        {
            if (line.Contains("not started again", StringComparison.Ordinal))
                toldOf.SetResult();
        });

        supervisor.Start([Launch("worker-1"), Launch("worker-2")]);
        await toldOf.Task;

        supervisor.GaveUp.IsCompleted.ShouldBeFalse();
        await supervisor.StopAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_start_that_cannot_succeed_is_not_tried_again()
    {
        var workers = new ScriptedWorkers((worker, _) => Die(worker, 2, "port 7000 is taken"));
        var supervisor = Supervisor(workers, 1);

        supervisor.Start([Launch("worker-1")]);

        (await supervisor.GaveUp).ShouldBe("worker-1 cannot start: port 7000 is taken");
        workers.Started.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_counts_as_a_death()
    {
        var supervisor = Supervisor(new ScriptedWorkers((_, _) => throw new IOException("/bin/worker cannot be started: Permission denied")), 1);

        supervisor.Start([Launch("worker-1")]);

        (await supervisor.GaveUp).ShouldEndWith("/bin/worker cannot be started: Permission denied");
    }

    [Fact]
    public async Task A_worker_that_stays_is_killed()
    {
        var up = new TaskCompletionSource<ScriptedWorker>(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = new ScriptedWorkers((worker, _) =>
        {
            worker.Stubborn = true;
            up.SetResult(worker);
        });
        var supervisor = Supervisor(workers, 1);
        supervisor.Start([Launch("worker-1")]);
        var worker = await up.Task;

        while (!worker.Asked)
        {
            var stopping = supervisor.StopAsync(TimeSpan.FromMilliseconds(300));
            time.Advance(TimeSpan.FromMilliseconds(300));
            await stopping;
        }

        worker.Killed.ShouldBeTrue();
        said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_started_once_it_stops()
    {
        var workers = new ScriptedWorkers();
        var supervisor = Supervisor(workers, 1);

        supervisor.KillAll();
        supervisor.Start([Launch("worker-1")]);
        await supervisor.StopAsync(TimeSpan.FromSeconds(1));

        workers.Started.ShouldBeEmpty();
    }

    private WorkerSupervisor Supervisor(ScriptedWorkers workers, int minAlive) => new(workers, SupervisionOptions.For(minAlive), time, said.Add);

    private static WorkerLaunch Launch(string name) => new(name, new WorkerBinary("/bin/worker", []), [], $"/logs/{name}.log");

    private static void Die(ScriptedWorker worker, int code, string lastError = "")
    {
        worker.LastError = lastError;
        worker.Exit(code);
    }
}
