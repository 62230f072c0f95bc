using System.Net;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Tests.Support;

/// <summary><c>health</c>, as a container image's health check runs it.</summary>
public sealed class HealthCommandTests
{
    [Theory]
    [InlineData(HttpStatusCode.OK, "ok", ExitCode.Done)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "the database does not answer", ExitCode.Failed)]
    public async Task A_process_is_as_well_as_it_says(HttpStatusCode status, string says, int code)
    {
        using var server = new ScriptedServer(() => new HttpResponseMessage(status) { Content = new StringContent(says + "\n") });
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("health http://127.0.0.1:9464/healthz")).ShouldBe(code);

        bench.Out.ShouldBe(says + "\n");
        server.Asked.ShouldBe(["GET /healthz"]);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    public async Task What_is_no_address_is_not_asked(string address)
    {
        using var bench = new Bench();

        (await bench.RunAsync($"health {address}")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldStartWith($"gencluster: URL is an address like http://127.0.0.1:8080/healthz, not '{address}'\n");
    }

    [Fact]
    public async Task One_that_does_not_answer_is_not_well_and_is_not_asked_again()
    {
        using var server = new ScriptedServer(ScriptedServer.IsAway);
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("health")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldBe("gencluster: http://127.0.0.1:8080/healthz: no answer (Connection refused)\n");
        server.Asked.Count.ShouldBe(1);
    }
}
