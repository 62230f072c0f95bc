using System.Diagnostics;
using GenCluster.Cli.Workers;

namespace GenCluster.Cli.Tests.Workers;

public sealed class ProcessWorkerLauncherTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-launcher-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Log => Path.Combine(folder, "logs", "worker-1.log");

    [Fact]
    public async Task All_that_a_worker_prints_is_in_its_log_and_its_last_error_is_known()
    {
        using (var worker = Start("echo hello; echo first >&2; echo; echo 'the device is gone' >&2; echo >&2; exit 3"))
        {
            (await worker.Exited).ShouldBe(3);
            worker.LastError.ShouldBe("the device is gone");
        }

        string[] lines = File.ReadAllLines(Log);
        lines[0].ShouldStartWith("--- process ");
        lines.ShouldContain("hello");
        lines.ShouldContain("the device is gone");
    }

    [Fact]
    public async Task The_log_of_the_process_before_is_kept()
    {
        using (var first = Start("echo one"))
            await first.Exited;
        using (var second = Start("echo two"))
            await second.Exited;

        string log = File.ReadAllText(Log);
        log.ShouldContain("one\n");
        log.ShouldContain("two\n");
    }

    [Fact]
    public async Task A_worker_leaves_when_its_input_is_closed()
    {
        using var worker = Start("cat > /dev/null; exit 0");

        worker.CloseInput();

        (await worker.Exited).ShouldBe(0);
        worker.CloseInput();
        worker.Kill();
    }

    [Fact]
    public async Task A_worker_can_be_killed()
    {
        using var worker = Start("sleep 600");

        worker.Kill();

        (await worker.Exited).ShouldBe(137);
        Should.Throw<ArgumentException>(() => Process.GetProcessById(worker.Id));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_does_not_disturb_the_worker()
    {
        File.WriteAllText(Path.Combine(folder, "logs"), "not a folder");

        using var worker = Start("echo hello; exit 5");

        (await worker.Exited).ShouldBe(5);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_by_its_path()
    {
        var launch = new WorkerLaunch("worker-1", new WorkerBinary("/nowhere/gencluster-worker", []), [], Log);

        Should.Throw<IOException>(() => new ProcessWorkerLauncher().Start(launch)).Message.ShouldStartWith("/nowhere/gencluster-worker cannot be started: ");
    }

    private IWorkerProcess Start(string script) =>
        new ProcessWorkerLauncher().Start(new WorkerLaunch("worker-1", new WorkerBinary("/bin/sh", ["-c"]), [script], Log));
}
