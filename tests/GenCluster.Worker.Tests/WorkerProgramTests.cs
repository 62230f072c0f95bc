using System.Net;
using System.Net.Sockets;
using GenCluster.Worker.Tests.Support;

namespace GenCluster.Worker.Tests;

/// <summary>The program <c>gencluster-worker</c> from outside: arguments, exits and signals.</summary>
public sealed class WorkerProgramTests
{
    private const string Nobody = "akka.tcp://gencluster@127.0.0.1:1";

    [Fact]
    public async Task Help_says_what_it_does_what_it_takes_and_how_it_ends()
    {
        using var worker = WorkerProcess.Start("--help");

        (await worker.ExitAsync()).ShouldBe(0);

        worker.Output.ShouldContain("Trains trials of GenCluster on one device");
        worker.Output.ShouldContain("Exit codes: 0 left cleanly, 2 wrong start");
        foreach (string option in (string[])["--coordinator", "--name", "--runs", "--checkpoints", "--device", "--bind", "--port", "--data-port", "--metrics-port", "--metrics-bind", "--exit-with-parent", "--grace"])
            worker.Output.ShouldContain(option + " ");
        worker.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Option '--coordinator' is required.")]
    [InlineData("--coordinator: 'localhost:4053' is not the address of a coordinator; give one like akka.tcp://gencluster@10.0.0.1:4053", "--coordinator", "localhost:4053")]
    [InlineData("--coordinator: 'akka://gencluster' is not the address of a coordinator; give one like akka.tcp://gencluster@10.0.0.1:4053", "--coordinator", "akka://gencluster")]
    [InlineData("--port: '70000' is not a port; give one from 1 to 65535, or 0 for any free one", "--coordinator", Nobody, "--port", "70000")]
    [InlineData("--data-port: '-1' is not a port; give one from 1 to 65535, or 0 for any free one", "--coordinator", Nobody, "--data-port=-1")]
    [InlineData("--metrics-port: '0' is not a port; give one from 1 to 65535", "--coordinator", Nobody, "--metrics-port", "0")]
    [InlineData("--metrics-bind: 'everywhere' is not an IP address; give one like 127.0.0.1", "--coordinator", Nobody, "--metrics-bind", "everywhere")]
    [InlineData("--grace: '0' is no such time; give one of 1 to 3600 seconds", "--coordinator", Nobody, "--grace", "0")]
    [InlineData("--grace: 'NaN' is no such time; give one of 1 to 3600 seconds", "--coordinator", Nobody, "--grace", "NaN")]
    [InlineData("Cannot parse argument 'many' for option '--port' as expected type 'System.Int32'.", "--coordinator", Nobody, "--port", "many")]
    [InlineData("--bind: 'everywhere' is not an IP address; give one like 127.0.0.1", "--coordinator", Nobody, "--bind", "everywhere")]
    [InlineData("--name: '' is not a name; give one of 1 to 128 characters", "--coordinator", Nobody, "--name", "")]
    [InlineData("--checkpoints: 'gs://bucket' is not an address of checkpoints; give one like file:///folder, s3://bucket/prefix?", "--coordinator", Nobody, "--checkpoints", "gs://bucket")]
    [InlineData("--checkpoints: its value holds credentials; they belong into the environment", "--coordinator", Nobody, "--checkpoints", "s3://key:secret@bucket")]
    [InlineData("Argument 'tpu' not recognized. Must be one of:", "--coordinator", Nobody, "--device", "tpu")]
    [InlineData("Unrecognized command or argument '--bogus'.", "--coordinator", Nobody, "--bogus")]
    public async Task Wrong_arguments_are_told_on_standard_error(string sentence, params string[] arguments)
    {
        using var worker = WorkerProcess.Start(arguments);

        (await worker.ExitAsync()).ShouldBe(2);

        worker.Errors.ShouldStartWith($"gencluster-worker: {sentence}");
        worker.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--data-port")]
    [InlineData("--metrics-port")]
    public async Task A_port_that_is_taken_is_told_in_one_sentence(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var worker = WorkerProcess.Start("--coordinator", Nobody, option, $"{port}");

        (await worker.ExitAsync()).ShouldBe(2);

        OneSentence(worker).ShouldContain($"{port}");
        worker.Errors.ShouldContain("choose another");
    }

    [Fact]
    public async Task A_libtorch_folder_without_libtorch_is_told_in_one_sentence()
    {
        var empty = Directory.CreateTempSubdirectory("gencluster-test-");
        using var worker = WorkerProcess.StartWith(empty.FullName, "--coordinator", Nobody);

        int exit = await worker.ExitAsync();
        empty.Delete();

        exit.ShouldBe(2);
        OneSentence(worker).ShouldContain(empty.FullName);
        worker.Errors.ShouldContain("GENCLUSTER_LIBTORCH");
    }

    [Fact]
    public async Task A_bucket_in_a_region_that_nobody_names_is_told_in_one_sentence()
    {
        using var worker = WorkerProcess.Start("--coordinator", Nobody, "--checkpoints", "s3://bucket/prefix");

        (await worker.ExitAsync()).ShouldBe(2);

        OneSentence(worker).ShouldBe(
            "gencluster-worker: 's3://bucket/prefix' cannot be opened: its region is not known; add ?region=name to the address, or set AWS_REGION");
    }

    [Fact]
    public async Task A_worker_whose_parent_is_gone_is_gone_too()
    {
        using var worker = WorkerProcess.Start("--coordinator", Nobody, "--exit-with-parent");
        await worker.ListeningAsync();

        worker.CloseInput();

        (await worker.ExitAsync()).ShouldBe(0);
        worker.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(WorkerProcess.Terminate)]
    [InlineData(WorkerProcess.Interrupt)]
    public async Task A_worker_without_a_coordinator_leaves_cleanly_when_it_is_asked_to(int signal)
    {
        using var worker = WorkerProcess.Start("--coordinator", Nobody);
        await worker.ListeningAsync();

        worker.Signal(signal);

        (await worker.ExitAsync()).ShouldBe(0);
        worker.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_dials_again_and_again_and_leaves_an_interrupt_to_its_parent()
    {
        using var coordinator = new TcpListener(IPAddress.Loopback, 0);
        coordinator.Start();
        using var worker = WorkerProcess.Start(
            "--coordinator", $"akka.tcp://gencluster@127.0.0.1:{((IPEndPoint)coordinator.LocalEndpoint).Port}", "--exit-with-parent");

        // Whoever answers is no coordinator, and closes.
        await RefuseAsync(coordinator);
        worker.Signal(WorkerProcess.Interrupt);
        for (int dial = 0; dial < 4; dial++)
            await RefuseAsync(coordinator);

        worker.HasExited.ShouldBeFalse();
        worker.Signal(WorkerProcess.Terminate);
        (await worker.ExitAsync()).ShouldBe(0);
    }

    private static async Task RefuseAsync(TcpListener coordinator)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var connection = await coordinator.AcceptTcpClientAsync(patience.Token);
    }

    private static string OneSentence(WorkerProcess worker)
    {
        worker.Errors.ShouldStartWith("gencluster-worker: ");
        return worker.Errors.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }
}
