using System.Net;
using System.Text;
using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Tests.Following;

/// <summary><c>watch</c>, before a scripted server.</summary>
public sealed class WatchTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Func<HttpResponseMessage> Began = ScriptedServer.Says(Details.Of("Running"));

    private static readonly string[] Events =
    [
        Event(new(4, At, "trial-proposed", 1, State: "Pending", Parameters: Details.Json("""{"loss": "hinge", "optimizer.beta1": 0.512345}"""))),
        Event(new(5, At, "lease-granted", 1, State: "Running", Workers: ["worker-1", "worker-2"])),
        Event(new(6, At, "metrics-reported", 1, Step: 300, Metrics: new Dictionary<string, double?> { ["swd"] = 45.25, ["diversity"] = null })),
        Event(new(7, At, "lease-ended", 1, State: "Pending", Message: "worker-1 was lost", Workers: [])),
        Event(new(8, At, "trial-concluded", 1, State: "Succeeded")),
        Event(new(9, At, "trial-ended", 1, State: "Succeeded", Step: 600, Objective: 38.5)),
        Event(new(10, At, "sweep-ended", State: "Succeeded")),
        "id: 10-end\nevent: end\ndata: {\"state\":\"Succeeded\"}\n\n",
    ];

    [Fact]
    public async Task Each_event_is_a_line_and_the_end_is_the_sweeps()
    {
        using var server = new ScriptedServer(Began, Stream(Events), ScriptedServer.Says(Details.Of("Succeeded", 10, Details.Trial(1, "Succeeded", 38.5))));
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("watch clothes")).ShouldBe(ExitCode.Done);

        bench.Error.ShouldMatch("watch-plain");
        bench.Out.ShouldStartWith("clothes: Succeeded");
        server.Asked.ShouldBe(["GET /api/v1/sweeps/clothes", "GET /api/v1/sweeps/clothes/events Last-Event-ID 3", "GET /api/v1/sweeps/clothes"]);
    }

    [Fact]
    public async Task A_stream_that_is_cut_off_is_taken_up_after_the_last_event_and_none_is_told_twice()
    {
        var end = ScriptedServer.Says(Details.Of("Succeeded", 10, Details.Trial(1, "Succeeded", 38.5)));
        using var whole = new Bench { Http = new ScriptedServer(Began, Stream(Events), end) };
        (await whole.RunAsync("watch clothes")).ShouldBe(ExitCode.Done);

        for (int cut = 1; cut < Events.Length; cut++)
        {
            using var server = new ScriptedServer(Began, Stream(Events[..cut]), ScriptedServer.Refuses(HttpStatusCode.ServiceUnavailable, "not now"), Stream(Events[cut..]), end);
            using var bench = new Bench { Http = server, Clock = new SkippingTime() };

            (await bench.RunAsync("watch clothes")).ShouldBe(ExitCode.Done);

            bench.Error.Replace("http://127.0.0.1:8080: not now; asking again\n", "", StringComparison.Ordinal).ShouldBe(whole.Error, $"cut after {cut}");
            server.Asked.ShouldContain($"GET /api/v1/sweeps/clothes/events Last-Event-ID {cut + 3}");
        }
    }

    [Theory]
    [InlineData("Failed", "gencluster: the sweep failed: 1 of 0 trials failed\n")]
    [InlineData("Cancelled", "gencluster: the sweep ended: cancelled\n")]
    public async Task A_sweep_that_did_not_succeed_ends_with_1(string state, string told)
    {
        using var bench = new Bench { Http = new ScriptedServer(Began, () => new HttpResponseMessage(HttpStatusCode.NoContent), ScriptedServer.Says(Details.Of(state))) };

        (await bench.RunAsync("watch clothes")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldEndWith(told);
    }

    [Fact]
    public async Task A_halt_ends_the_watching_with_its_reason()
    {
        using var bench = new Bench
        {
            Http = new ScriptedServer(Began, Stream([Event(new(4, At, "sweep-halted", State: "Halted", Message: "no space left"))]), ScriptedServer.Says(Details.Of("Halted"))),
        };

        (await bench.RunAsync("watch clothes")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldEndWith("sweep  halted: no space left\ngencluster: the sweep halted: no space left; when that is mended, submit it again\n");
    }

    [Fact]
    public async Task On_a_terminal_there_is_the_table_that_run_has()
    {
        var progress = new SweepProgress(
            [new(1, "Running", 450, 600, 3.25, 45.25, new Dictionary<string, double?> { ["generator.loss"] = 0.5 }, ["worker-1"], null)],
            [new("worker-1", true, "cpu", "clothes", 1)],
            ["trial 1: slow"]);
        using var screen = new StringWriter();
        using var bench = new Bench
        {
            Terminal = TestTerminal.Create(screen, 100),
            Http = new ScriptedServer(
                Began,
                Stream([.. Events[..3], $"event: progress\ndata: {JsonSerializer.Serialize(progress, ApiJson.Options)}\n\n", Event(new(7, At, "sweep-halted", State: "Halted", Message: "full"))]),
                ScriptedServer.Says(Details.Of("Halted"))),
        };

        (await bench.RunAsync("watch clothes")).ShouldBe(ExitCode.Failed);

        string last = screen.ToString();
        last.ShouldContain("450/600");
        last.ShouldContain("45.25");
        last.ShouldContain("worker-1 cpu on trial 1");
        last.ShouldContain("! trial 1: slow");
        last.ShouldContain("! halted: full");
    }

    [Fact]
    public async Task A_signal_ends_the_watching_and_not_the_sweep()
    {
        Bench? bench = null;
        using var server = new ScriptedServer(Began, () =>
        {
            bench!.Signal();
            throw new OperationCanceledException();
        });
        using (bench = new Bench { Http = server, Clock = new SkippingTime() })
        {
            (await bench.RunAsync("watch clothes")).ShouldBe(ExitCode.Interrupted);

            bench.Error.ShouldEndWith("interrupted; the sweep goes on. Watch it again with: gencluster watch clothes\n");
        }
    }

    private static string Event(SweepEvent told) => $": a comment\nid: {told.Place}\ndata: {JsonSerializer.Serialize(told, ApiJson.Options)}\n\n";

    private static Func<HttpResponseMessage> Stream(IEnumerable<string> messages) => () => new HttpResponseMessage
    {
        Content = new StringContent("retry: 2000\n\n" + string.Concat(messages), Encoding.UTF8, "text/event-stream"),
    };
}
