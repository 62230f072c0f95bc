using System.Net;
using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Tests.Control;

/// <summary>The verbs and <c>edit</c>, before a scripted server.</summary>
public sealed class ControlTests
{
    [Theory]
    [InlineData("pause clothes", "POST /api/v1/sweeps/clothes/pause", "sweep clothes pauses: no new trials begin, and those at work go on")]
    [InlineData("resume clothes", "POST /api/v1/sweeps/clothes/resume", "sweep clothes goes on")]
    [InlineData("stop clothes", "POST /api/v1/sweeps/clothes/stop", "sweep clothes stops: trials at work finish, and then it ends")]
    [InlineData("cancel clothes", "POST /api/v1/sweeps/clothes/cancel", "sweep clothes is cancelled: all work on it ends now")]
    [InlineData("retry clothes --failed", "POST /api/v1/sweeps/clothes/retry", "sweep clothes: failed trials begin again from their checkpoints")]
    [InlineData("pause clothes --trial 3", "POST /api/v1/sweeps/clothes/trials/3/pause", "trial 3 of clothes pauses after its next checkpoint")]
    [InlineData("resume clothes --trial 3", "POST /api/v1/sweeps/clothes/trials/3/resume", "trial 3 of clothes goes on")]
    [InlineData("stop clothes --trial 3", "POST /api/v1/sweeps/clothes/trials/3/stop", "trial 3 of clothes ends after its next checkpoint, and what it has reached counts")]
    [InlineData("cancel clothes --trial 3", "POST /api/v1/sweeps/clothes/trials/3/cancel", "trial 3 of clothes is cancelled: all work on it ends now")]
    [InlineData("retry clothes --trial 3", "POST /api/v1/sweeps/clothes/trials/3/retry", "trial 3 of clothes begins again from its checkpoint")]
    public async Task A_verb_is_given_and_told(string line, string asked, string told)
    {
        using var server = new ScriptedServer(ScriptedServer.Says(new Controlled("clothes", null, "pause", 7)));
        using var bench = new Bench { Http = server };

        (await bench.RunAsync(line)).ShouldBe(ExitCode.Done);

        server.Asked.ShouldBe([asked]);
        bench.Error.ShouldBe(told + "\n");
        bench.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_answer_is_there_for_programs()
    {
        using var bench = new Bench { Http = new ScriptedServer(ScriptedServer.Says(new Controlled("clothes", 3, "pause", 7))) };

        (await bench.RunAsync("pause clothes --trial 3 --output json")).ShouldBe(ExitCode.Done);

        JsonDocument.Parse(bench.Out).RootElement.GetProperty("place").GetInt64().ShouldBe(7);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, ExitCode.WrongInput)]
    [InlineData(HttpStatusCode.NotFound, ExitCode.Failed)]
    public async Task A_refusal_is_told_in_the_servers_words(HttpStatusCode status, int code)
    {
        using var bench = new Bench { Http = new ScriptedServer(ScriptedServer.Refuses(status, "the sweep has ended")) };

        (await bench.RunAsync("pause clothes")).ShouldBe(code);

        bench.Error.ShouldBe("gencluster: the sweep has ended\n");
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, "conflict", ExitCode.Done, "nothing to do: sweep clothes has ended\n")]
    [InlineData(HttpStatusCode.NotFound, "not-found", ExitCode.Done, "nothing to do: sweep clothes has ended\n")]
    [InlineData(HttpStatusCode.Forbidden, "forbidden", ExitCode.Failed, "gencluster: sweep clothes has ended\n")]
    public async Task Cancelling_what_has_ended_is_no_failure_where_that_was_said(HttpStatusCode status, string kind, int code, string told)
    {
        using var bench = new Bench { Http = new ScriptedServer(ScriptedServer.Refuses(status, "sweep clothes has ended", ProblemKind.All.Single(k => k.Code == kind))) };

        (await bench.RunAsync("cancel clothes --if-running")).ShouldBe(code);

        bench.Error.ShouldBe(told);
    }

    [Theory]
    [InlineData("retry clothes")]
    [InlineData("retry clothes --failed --trial 3")]
    public async Task What_to_retry_must_be_said(string line)
    {
        using var server = new ScriptedServer(ScriptedServer.IsAway);
        using var bench = new Bench { Http = server };

        (await bench.RunAsync(line)).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe("gencluster: say what to retry: --failed for all trials that have failed, or --trial N for one of them\n");
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edit_changes_the_version_in_force_or_the_one_that_was_seen()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Says(Details.Of("Running") with { Version = 4 }),
            ScriptedServer.Says(new Edited("clothes", 5, [], 7)),
            ScriptedServer.Says(new Edited("clothes", 5, [], 7)),
            ScriptedServer.Refuses(HttpStatusCode.PreconditionFailed, "version 5 is in force, and 2 was changed"));
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("edit clothes FILE")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync("edit clothes FILE --version-seen 5")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync("edit clothes FILE --version-seen 2")).ShouldBe(ExitCode.WrongInput);

        server.Asked.ShouldBe(
        [
            "GET /api/v1/sweeps/clothes", "PUT /api/v1/sweeps/clothes If-Match \"4\"", "PUT /api/v1/sweeps/clothes If-Match \"5\"", "PUT /api/v1/sweeps/clothes If-Match \"2\"",
        ]);
        bench.Error.ShouldBe("sweep clothes goes on with version 5\nsweep clothes is as the file says already, version 5\ngencluster: version 5 is in force, and 2 was changed\n");
    }

    [Fact]
    public async Task A_wrong_file_or_one_of_another_sweep_is_never_sent()
    {
        using var server = new ScriptedServer(ScriptedServer.IsAway);
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("edit shoes FILE")).ShouldBe(ExitCode.WrongInput);
        bench.Error.ShouldBe("gencluster: /tmp/clothes.yaml is of a sweep 'clothes', and 'shoes' is to be changed; a sweep keeps its name\n");

        await File.WriteAllTextAsync(bench.SweepFile, Sweeps.File.Replace("steps: 600", "steps: none", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (await bench.RunAsync("edit clothes FILE")).ShouldBe(ExitCode.WrongInput);
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Why_a_trial_waits_is_told_with_what_it_needs_and_what_there_is()
    {
        var answer = new TrialExplanation("clothes", 3, "Pending", "it waits: clothes/1 comes first", new(2, 4, "cuda", 8_000_000_000, 5, "vision"), [], 3, 1);
        using var server = new ScriptedServer(ScriptedServer.Says(answer));
        using var bench = new Bench { Http = server };

        (await bench.RunAsync("explain clothes 3")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync("explain clothes 3 --output json")).ShouldBe(ExitCode.Done);

        server.Asked[0].ShouldBe("GET /api/v1/sweeps/clothes/trials/3/explain");
        bench.Out.ShouldMatch("explain");
    }
}
