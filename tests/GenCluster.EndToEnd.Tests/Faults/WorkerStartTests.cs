using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Faults;

/// <summary>A worker that cannot start says why in one line, and the command passes it on.</summary>
public sealed class WorkerStartTests
{
    [Theory]
    [InlineData("--port")]
    [InlineData("--data-port")]
    public async Task A_port_that_is_taken_is_told_with_its_number(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await using var worker = Gencluster.StartProgram(Programs.Worker, ["--coordinator", "akka.tcp://gencluster@127.0.0.1:1", option, port]);
        var ending = await worker.EndAsync();

        ending.Code.ShouldBe(2, ending.ToString());
        ending.Sentence("gencluster-worker: ").ShouldContain(port);
        ending.Errors.Count.ShouldBe(1, ending.ToString());
        ending.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_libtorch_that_is_not_there_ends_the_run_with_the_name_of_the_variable()
    {
        await using var sandbox = new Sandbox("single");

        var command = sandbox.StartWith(sandbox.Run(), new Dictionary<string, string> { ["GENCLUSTER_LIBTORCH"] = "/nowhere" });
        var ending = await command.EndAsync();

        ending.Code.ShouldBe(1, ending.ToString());
        string sentence = ending.Sentence();
        sentence.ShouldContain("GENCLUSTER_LIBTORCH");
        sentence.ShouldContain("/nowhere");
    }
}
