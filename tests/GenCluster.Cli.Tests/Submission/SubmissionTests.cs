using System.Net;
using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Server;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Cli.Tests.Submission;

/// <summary><c>submit</c>, <c>ls</c> and <c>show</c>, before a scripted server and before a real one.</summary>
public sealed class SubmissionTests
{
    private static readonly Func<HttpResponseMessage> Taken = ScriptedServer.Says(new SubmittedSweep("clothes", false, [], 3), HttpStatusCode.Created);

    [Fact]
    public async Task A_submission_is_told_and_ends_with_0()
    {
        using var server = new ScriptedServer(Taken);
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("submit FILE")).ShouldBe(ExitCode.Done);

        bench.Error.ShouldBe("sweep clothes submitted\n");
        server.Asked.ShouldBe(["POST /api/v1/sweeps"]);
    }

    [Fact]
    public async Task The_answer_is_there_for_programs()
    {
        using var bench = new Bench { Http = new ScriptedServer(ScriptedServer.Says(new SubmittedSweep("clothes", true, [], 3))) };

        (await bench.RunAsync("submit FILE --output json")).ShouldBe(ExitCode.Done);

        JsonDocument.Parse(bench.Out).RootElement.GetProperty("known").GetBoolean().ShouldBeTrue();
        bench.Error.ShouldBe("sweep clothes is there; it goes on\n");
    }

    [Fact]
    public async Task A_wrong_file_is_never_sent()
    {
        using var server = new ScriptedServer(Taken);
        using var bench = new Bench { Http = server };
        await File.WriteAllTextAsync(bench.SweepFile, Sweeps.File.Replace("steps: 600", "steps: none", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await bench.RunAsync("submit FILE")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldStartWith("/tmp/clothes.yaml:6:");
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_asks_again_while_the_coordinator_is_away_and_says_so_once()
    {
        using var server = new ScriptedServer(
            ScriptedServer.IsAway, ScriptedServer.Refuses(HttpStatusCode.ServiceUnavailable, "the database does not answer"), ScriptedServer.IsAway, Taken);
        using var bench = new Bench { Http = server, Clock = new SkippingTime() };

        (await bench.RunAsync("submit FILE --server http://127.0.0.1:1")).ShouldBe(ExitCode.Done);

        bench.Error.ShouldBe("http://127.0.0.1:1: no answer (Connection refused); asking again\nsweep clothes submitted\n");
    }

    [Fact]
    public async Task It_gives_up_after_a_minute()
    {
        using var server = new ScriptedServer(ScriptedServer.IsAway);
        using var bench = new Bench { Http = server, Clock = new SkippingTime() };

        (await bench.RunAsync("ls --server http://127.0.0.1:1")).ShouldBe(ExitCode.NoAnswer);

        bench.Error.ShouldEndWith("gencluster: http://127.0.0.1:1: no answer (Connection refused); asked for 60 s\n");
        server.Asked.Count.ShouldBe(31);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, ExitCode.WrongInput)]
    [InlineData(HttpStatusCode.UnprocessableEntity, ExitCode.WrongInput)]
    [InlineData(HttpStatusCode.InternalServerError, ExitCode.Failed)]
    public async Task A_refusal_is_told_in_the_servers_words(HttpStatusCode status, int code)
    {
        using var bench = new Bench { Http = new ScriptedServer(ScriptedServer.Refuses(status, "it said something else")) };

        (await bench.RunAsync("submit FILE")).ShouldBe(code);

        bench.Error.ShouldBe("gencluster: it said something else\n");
    }

    [Fact]
    public async Task Something_else_than_a_coordinator_is_told()
    {
        using var bench = new Bench { Http = new ScriptedServer(() => new HttpResponseMessage { Content = new StringContent("<html>", null, "application/json") }) };

        (await bench.RunAsync("ls --server http://127.0.0.1:1")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldBe("gencluster: http://127.0.0.1:1/ answers something else than a coordinator of this release; check --server\n");
    }

    [Theory]
    [InlineData("Succeeded", ExitCode.Done, "")]
    [InlineData("Failed", ExitCode.Failed, "gencluster: the sweep failed: 1 of 1 trials failed\n")]
    [InlineData("Halted", ExitCode.Failed, "gencluster: the sweep halted: no space left; when that is mended, submit it again\n")]
    public async Task Waiting_ends_with_the_outcome_of_the_sweep(string state, int code, string told)
    {
        using var bench = new Bench
        {
            Clock = new SkippingTime(),
            Http = new ScriptedServer(
                Taken,
                ScriptedServer.Refuses(HttpStatusCode.NotFound, "not yet"),
                ScriptedServer.Says(Detail("Running", "Running", null)),
                ScriptedServer.Says(Detail("Running", "Running", 12.5)),
                ScriptedServer.Says(Detail(state, "Failed", 12.5))),
        };

        (await bench.RunAsync("submit FILE --wait")).ShouldBe(code);

        bench.Error.ShouldBe(
            $"sweep clothes submitted\ntrial 1: Running\ntrial 1: Running, swd 12.5 at step 300\ntrial 1: Failed, swd 12.5 at step 300\n{told}");
        bench.Out.ShouldStartWith($"clothes: {state}");
    }

    [Fact]
    public async Task A_halt_from_before_the_submission_is_not_its_outcome()
    {
        using var bench = new Bench
        {
            Clock = new SkippingTime(),
            Http = new ScriptedServer(
                ScriptedServer.Says(new SubmittedSweep("clothes", true, [], 9)),
                ScriptedServer.Says(Detail("Halted", "Running", null, place: 8)),
                ScriptedServer.Says(Detail("Running", "Running", null, place: 9)),
                ScriptedServer.Says(Detail("Succeeded", "Succeeded", 12.5, place: 30))),
        };

        (await bench.RunAsync("submit FILE --wait")).ShouldBe(ExitCode.Done);

        bench.Error.ShouldBe("sweep clothes is there; it goes on\ntrial 1: Running\ntrial 1: Succeeded, swd 12.5 at step 300\n");
    }

    [Fact]
    public async Task A_sweep_that_people_pause_or_stop_is_followed_to_its_end()
    {
        using var bench = new Bench
        {
            Clock = new SkippingTime(),
            Http = new ScriptedServer(
                Taken,
                ScriptedServer.Says(Detail("Paused", "Running", null)),
                ScriptedServer.Says(Detail("Stopping", "Running", null)),
                ScriptedServer.Says(Detail("Succeeded", "Succeeded", 12.5))),
        };

        (await bench.RunAsync("submit FILE --wait")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldStartWith("clothes: Succeeded");
    }

    [Fact]
    public async Task A_sweep_with_another_file_is_changed_where_that_was_asked_for()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Refuses(HttpStatusCode.Conflict, "there is another sweep of that name", ProblemKind.Conflict),
            ScriptedServer.Says(Details.Of("Running") with { Version = 4 }),
            ScriptedServer.Says(new Edited("clothes", 5, [], 9)),
            ScriptedServer.Says(Detail("Running", "Running", null, place: 8)),
            ScriptedServer.Says(Detail("Succeeded", "Succeeded", 12.5, place: 30)));
        using var bench = new Bench { Clock = new SkippingTime(), Http = server };

        (await bench.RunAsync("submit FILE --edit --wait")).ShouldBe(ExitCode.Done);

        server.Asked[..3].ShouldBe(["POST /api/v1/sweeps", "GET /api/v1/sweeps/clothes", "PUT /api/v1/sweeps/clothes If-Match \"4\""]);
        bench.Error.ShouldBe("sweep clothes was there with another file; it goes on with version 5\ntrial 1: Succeeded, swd 12.5 at step 300\n");
    }

    [Theory]
    [InlineData(4, "sweep clothes is there; it goes on\n")]
    [InlineData(5, "sweep clothes was there with another file; it goes on with version 5\n")]
    public async Task A_file_of_an_earlier_version_is_gone_back_to_where_that_was_asked_for(int version, string told)
    {
        using var server = new ScriptedServer(
            ScriptedServer.Says(new SubmittedSweep("clothes", true, [], 3)),
            ScriptedServer.Says(Details.Of("Running") with { Version = 4 }),
            ScriptedServer.Says(new Edited("clothes", version, [], 9)));
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("submit FILE --edit")).ShouldBe(ExitCode.Done);

        server.Asked.ShouldBe(["POST /api/v1/sweeps", "GET /api/v1/sweeps/clothes", "PUT /api/v1/sweeps/clothes If-Match \"4\""]);
        bench.Error.ShouldBe(told);
    }

    [Fact]
    public async Task What_can_never_be_taken_is_not_tried_as_a_change()
    {
        using var server = new ScriptedServer(ScriptedServer.Refuses(HttpStatusCode.UnprocessableEntity, "above the quota", ProblemKind.Refused));
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("submit FILE --edit")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe("gencluster: above the quota\n");
        server.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_never_shows_the_sweep_is_not_awaited_for_ever()
    {
        using var bench = new Bench { Clock = new SkippingTime(), Http = new ScriptedServer(Taken, ScriptedServer.Refuses(HttpStatusCode.NotFound, "not yet")) };

        (await bench.RunAsync("submit FILE --wait")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldEndWith(
            "gencluster: sweep clothes was taken, and the server has shown nothing of that for 60 s; its log says why it does not follow its journal. "
            + "Follow the sweep later with: gencluster show clothes\n");
    }

    [Fact]
    public async Task A_real_server_is_listed_and_shown()
    {
        using var bench = new Bench();
        var database = new JournalDatabase.Sqlite(Path.Combine(bench.Folder, "journal.db"));
        database.Prepare();
        database.Write(Journals.Story);
        while (new ReadModelFeed(database).Advance(100) > 0)
        {
        }

        await using var host = await CoordinatorHost.StartAsync(
            new CoordinatorOptions { Journal = database, HasReadModel = true, Api = new ApiOptions { Port = 0 } }, TestContext.Current.CancellationToken);
        string server = $"--server {((CoordinatorHost)host).ApiAddress}";

        (await bench.RunAsync($"ls {server}")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync($"show fashion {server}")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync($"show fashion --trial 2 {server}")).ShouldBe(ExitCode.Done);
        bench.Out.ShouldMatch("show");
        bench.Error.ShouldBeEmpty();

        (await bench.RunAsync($"show nothing {server}")).ShouldBe(ExitCode.Failed);
        bench.Error.ShouldBe("gencluster: there is no sweep 'nothing'\n");
    }

    private static SweepDetail Detail(string state, string trial, double? objective, long place = 3)
    {
        var none = JsonDocument.Parse("{}").RootElement;
        return new SweepDetail(
            new SweepSummary("clothes", state, "dcgan", "swd", "Minimize", 4, 1, 0, 0, state == "Failed" ? 1 : 0, null, DateTimeOffset.UnixEpoch, null),
            state == "Halted" ? "no space left" : null, null, "fashion-mnist-sample", "random", 600, none,
            [new TrialSummary(1, trial, none, objective, null, objective is null ? null : 300, 1, null, null, null)],
            [],
            place);
    }
}
