using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Placement;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;
using GenCluster.TestServers;

namespace GenCluster.Server.Tests.Api;

/// <summary>The HTTP API of a real coordinator, over a real socket.</summary>
public sealed class ApiTests(PostgresServer server) : ApiKit, IClassFixture<PostgresServer>
{
    private const string Yaml = """
        apiVersion: gencluster/v1
        kind: Sweep
        name: fashion
        trainable: {model: dcgan}
        data: {dataset: fashion-mnist-sample, imageSize: 32}
        training: {steps: 600, batchSize: 64, shards: 1, evaluateEvery: 200, checkpointEvery: 100, seed: 7}
        objective: {metric: swd, goal: minimize}
        search: {algorithm: random, maxTrials: 2, parallelTrials: 2}
        parameters:
          loss: {values: [non-saturating, hinge]}
        resources: {workers: {min: 1, max: 1}, device: cpu}
        """;

    [Fact]
    public async Task A_sweep_is_created_once_and_trained_and_its_history_stays_when_the_cluster_is_gone()
    {
        var coordinator = await StartApiAsync();
        using var created = await PostAsync(Yaml);
        using var again = await PostAsync(Yaml);
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldBe("/api/v1/sweeps/fashion");
        (await created.Content.ReadFromJsonAsync<SubmittedSweep>(Patience)).ShouldNotBeNull().Known.ShouldBeFalse();
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        var known = (await again.Content.ReadFromJsonAsync<SubmittedSweep>(Patience)).ShouldNotBeNull();
        known.Known.ShouldBeTrue();

        long submitted = known.Place.ShouldNotBeNull();
        var sweep = await GetAsync<SweepDetail>("/api/v1/sweeps/fashion", s => s.Sweep.State == "Succeeded" && s.Place >= submitted); // rows may be newer than their place
        sweep.TrialList.Select(t => t.State).ShouldBe(["Succeeded", "Succeeded"]);
        (await GetAsync<SweepPage>("/api/v1/sweeps?limit=1", _ => true)).Sweeps.ShouldHaveSingleItem().ShouldBe(sweep.Sweep);
        var trial = await GetAsync<TrialDetail>("/api/v1/sweeps/fashion/trials/1", _ => true);
        trial.Gangs.ShouldHaveSingleItem().Members[0].GetString().ShouldBe("w1");
        trial.Reports.ShouldNotBeEmpty();

        await coordinator.DisposeAsync();
        new ReadModelQueries(new JournalDatabase.Sqlite(Journal)).Sweep("fashion").ShouldNotBeNull().Sweep.ShouldBe(sweep.Sweep);
    }

    [Fact]
    public async Task Every_mistake_of_a_file_is_told_at_once_with_its_line_and_column()
    {
        await StartApiAsync();

        using var answer = await PostAsync(Yaml.Replace("steps: 600", "steps: -6", StringComparison.Ordinal).Replace("kind: Sweep", "kind: Swoop", StringComparison.Ordinal));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(ApiProblem.ContentType);
        var problem = (await answer.Content.ReadFromJsonAsync<ApiProblem>(Patience)).ShouldNotBeNull();
        problem.Diagnostics.ShouldNotBeNull().Select(d => (d.Line, d.Column, d.Severity)).ShouldBe([(2, 7, "error"), (6, 19, "error")]);
        problem.Detail.ShouldContain("sweep.yaml:2:7: error GC");
    }

    [Fact]
    public async Task Another_sweep_of_the_same_name_is_refused()
    {
        await StartApiAsync();
        using var first = await PostAsync(Yaml);

        using var other = await PostAsync(Yaml.Replace("seed: 7", "seed: 8", StringComparison.Ordinal));

        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await other.Content.ReadFromJsonAsync<ApiProblem>(Patience)).ShouldNotBeNull().Detail.ShouldBe("a sweep named 'fashion' exists and its file said something else");
    }

    [Fact]
    public async Task A_sweep_that_can_never_run_is_refused_and_is_no_conflict()
    {
        var poor = new ProjectRules(ProjectRules.None.Projects.Add(ProjectRules.DefaultProject, new ProjectRule(Quota: 0)));
        await StartApiAsync(projects: poor);

        await ExpectAsync(HttpStatusCode.UnprocessableEntity, "project 'default' may have 0", Post(Yaml));
    }

    [Fact]
    public async Task What_cannot_be_served_is_a_problem_that_says_why()
    {
        await StartApiAsync();

        await ExpectAsync(HttpStatusCode.NotFound, "there is no sweep 'nothing'", Get("/api/v1/sweeps/nothing"));
        await ExpectAsync(HttpStatusCode.NotFound, "there is no trial 1 of a sweep 'nothing'", Get("/api/v1/sweeps/nothing/trials/1"));
        await ExpectAsync(HttpStatusCode.NotFound, "there is nothing at /secret", Get("/secret"));
        await ExpectAsync(HttpStatusCode.NotFound, "there is nothing at /favicon.ico", Get("/favicon.ico"));
        await ExpectAsync(HttpStatusCode.BadRequest, "limit is from 1 to 500, not 0", Get("/api/v1/sweeps?limit=0"));
        await ExpectAsync(HttpStatusCode.BadRequest, "limit is from 1 to 500, not abc", Get("/api/v1/sweeps?limit=abc"));
        await ExpectAsync(HttpStatusCode.UnsupportedMediaType, "send the sweep file with Content-Type application/yaml, not 'text/plain'", Post(Yaml, "text/plain"));
        await ExpectAsync(HttpStatusCode.RequestEntityTooLarge, "too large", Post(new string(' ', 600_000), change: r => r.Headers.ExpectContinue = true));
        await ExpectAsync(HttpStatusCode.BadRequest, "more than 262144 bytes", Post(new string(' ', 300_000)));
        await ExpectAsync(HttpStatusCode.Forbidden, "'evil.example' is not this host", Get("/api/v1/sweeps", r => r.Headers.Host = "evil.example"));
        await ExpectAsync(HttpStatusCode.Forbidden, "a page of another site may not do this", Post(Yaml, change: r => r.Headers.Add("Origin", "http://evil.example")));
        await ExpectAsync(HttpStatusCode.Forbidden, "a page of another site may not do this", Post(Yaml, change: r => r.Headers.Add("Sec-Fetch-Site", "cross-site")));
    }

    [Fact]
    public async Task A_database_that_is_gone_means_come_again_or_what_was_so_before_and_the_process_lives_on()
    {
        string connection = await server.CreateDatabaseAsync();
        var database = new JournalDatabase.Postgres(connection);
        database.Migrate();
        await StartApiAsync(database, new ApiOptions { Port = 0, SubmitPatience = TimeSpan.FromSeconds(1) });
        await ExpectTextAsync(HttpStatusCode.OK, "/readyz", "ok");
        using var created = await PostAsync(Yaml);
        var known = await GetAsync<SweepDetail>("/api/v1/sweeps/fashion", s => s.TrialList.Count == 2);

        await server.StopAsync();
        try
        {
            await ExpectTextAsync(HttpStatusCode.OK, "/healthz", "ok");
            await ExpectTextAsync(HttpStatusCode.OK, "/readyz", "ok"); // no other node is better off
            await ExpectAsync(HttpStatusCode.ServiceUnavailable, "the database does not answer", Get("/api/v1/sweeps"), retryAfter: "5");
            await ExpectAsync(HttpStatusCode.ServiceUnavailable, "the database does not answer", Post(Yaml.Replace("name: fashion", "name: other", StringComparison.Ordinal)), retryAfter: "5");
            using var old = await Http.GetAsync("/api/v1/sweeps/fashion", Patience);
            old.StatusCode.ShouldBe(HttpStatusCode.OK);
            old.Headers.Age.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
            old.Headers.ETag!.Tag.ShouldBe("\"1\"");
            (await old.Content.ReadFromJsonAsync<SweepDetail>(ApiJson.Options, Patience)).ShouldNotBeNull().Sweep.ShouldBe(known.Sweep);
        }
        finally
        {
            await server.StartAgainAsync();
        }

        (await GetAsync<SweepPage>("/api/v1/sweeps", _ => true)).Sweeps.ShouldHaveSingleItem();
        using var now = await Http.GetAsync("/api/v1/sweeps/fashion", Patience);
        now.Headers.Age.ShouldBeNull();
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_refuses_new_work_and_reads_go_on()
    {
        await StartApiAsync(api: new ApiOptions { Port = 0, SubmitPatience = TimeSpan.FromSeconds(1) });
        await ExpectTextAsync(HttpStatusCode.OK, "/readyz", "ok");
        using var other = new JournalDatabase.Sqlite(Journal).Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();

        await ExpectAsync(HttpStatusCode.ServiceUnavailable, "the coordinator does not answer", Post(Yaml), retryAfter: "5");

        (await GetAsync<SweepPage>("/api/v1/sweeps", _ => true)).Sweeps.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_serves_loopback_alone_and_says_why()
    {
        var failure = await Should.ThrowAsync<CoordinatorStartException>(() => StartAsync(api: new ApiOptions { Bind = IPAddress.Any, Port = 0 }));

        failure.Message.ShouldBe("the API cannot be bound to 0.0.0.0: without authentication it serves loopback alone; say with --auth how callers are known, or bind it to 127.0.0.1 and reach it through a tunnel");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Should.ThrowAsync<CoordinatorStartException>(() => StartAsync(api: new ApiOptions { Port = port }));

        failure.Message.ShouldStartWith($"the API cannot listen on 127.0.0.1:{port}: ");
        failure.Message.ShouldEndWith("; choose another port");
    }

    private static HttpRequestMessage Get(string path, Action<HttpRequestMessage>? change = null) => Changed(new HttpRequestMessage(HttpMethod.Get, path), change);

    private static HttpRequestMessage Post(string yaml, string type = "application/yaml", Action<HttpRequestMessage>? change = null) =>
        Changed(new HttpRequestMessage(HttpMethod.Post, SweepPath) { Content = new StringContent(yaml, Encoding.UTF8, type) }, change);

    private const string SweepPath = "/api/v1/sweeps";

    private static HttpRequestMessage Changed(HttpRequestMessage request, Action<HttpRequestMessage>? change)
    {
        change?.Invoke(request);
        return request;
    }

    private Task<HttpResponseMessage> PostAsync(string yaml) => Http.SendAsync(Post(yaml), Patience);

    private async Task ExpectTextAsync(HttpStatusCode status, string path, string text)
    {
        using var answer = await Http.GetAsync(path, Patience);
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(Patience)).ShouldBe(text);
    }

    private async Task ExpectAsync(HttpStatusCode status, string detail, HttpRequestMessage request, string? retryAfter = null)
    {
        using var answer = await Http.SendAsync(request, Patience);
        answer.StatusCode.ShouldBe(status, detail);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(ApiProblem.ContentType);
        (await answer.Content.ReadFromJsonAsync<ApiProblem>(Patience)).ShouldNotBeNull().Detail.ShouldContain(detail);
        answer.Headers.RetryAfter?.ToString().ShouldBe(retryAfter);
    }
}
