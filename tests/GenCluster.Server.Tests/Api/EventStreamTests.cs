using System.Net;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Server.Tests.Api;

public sealed class EventStreamTests : ApiKit
{
    private const string Path = "/api/v1/sweeps/fashion/events";

    private static readonly ApiOptions Quick = new() { Port = 0, EventPause = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task Tells_everything_in_order_and_then_that_it_is_over()
    {
        await StartOnStoryAsync();

        var messages = await ReadAsync(null);

        messages[^1].Name.ShouldBe("end");
        messages[^1].Data.ShouldBe("""{"state":"Succeeded"}""");
        var events = messages[..^1].Select(m => m.Event).ToList();
        events.Select(e => e.Place).ShouldBe(events.Select(e => e.Place).Distinct().Order());
        messages[..^1].Select(m => m.Id).ShouldBe(events.Select(e => $"{e.Place}"));
        events.Select(e => e.What).Take(4).ShouldBe(["sweep-submitted", "trial-proposed", "trial-proposed", "trial-created"]);
        events.Single(e => e.What == "sweep-halted").ShouldSatisfyAllConditions(e => e.State.ShouldBe("Halted"), e => e.Message.ShouldBe("no space left"), e => e.Trial.ShouldBeNull());
        events.Single(e => e.What == "gang-changed").Workers.ShouldBe(["worker-3"]);
        events.Single(e => e is { What: "metrics-reported", Trial: 2 }).Metrics.ShouldBe(new Dictionary<string, double?> { ["diversity"] = null, ["swd"] = null });
        events.Single(e => e is { What: "trial-ended", Trial: 2 }).ShouldSatisfyAllConditions(e => e.State.ShouldBe("Failed"), e => e.Message.ShouldBe("a loss is NaN"));
    }

    [Fact]
    public async Task Who_is_cut_off_anywhere_goes_on_there_and_sees_every_event_once()
    {
        await StartOnStoryAsync();
        var whole = await ReadAsync(null);

        for (int cut = 1; cut < whole.Count; cut++)
        {
            var first = await ReadAsync(null, cut);
            var rest = await ReadAsync(first[^1].Id);

            first.Concat(rest).Select(Told).ShouldBe(whole.Select(Told), $"cut after {cut}");
        }
    }

    [Fact]
    public async Task Who_has_seen_the_end_is_told_not_to_come_again()
    {
        await StartOnStoryAsync();
        string last = (await ReadAsync(null))[^1].Id!;
        last.ShouldEndWith("-end");

        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Add("Last-Event-ID", last);
        using var answer = await Http.SendAsync(request, Patience);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Events_come_as_they_happen_with_progress_in_between()
    {
        var coordinator = await StartApiAsync(api: Quick);
        await SubmitAsync(coordinator, Samples.Spec() with { Search = new("random", 1, 1) });
        await GetAsync<SweepDetail>("/api/v1/sweeps/fashion", _ => true);
        using var stream = await EventReader.OpenAsync(Http, Path, null, Patience);
        List<StreamMessage> messages = [];
        while (!messages.Exists(m => m.Name == "progress"))
            messages.Add((await stream.NextAsync(Patience)).ShouldNotBeNull());

        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
        while (messages[^1].Name != "end")
            messages.Add((await stream.NextAsync(Patience)).ShouldNotBeNull());

        (await stream.NextAsync(Patience)).ShouldBeNull();
        messages.Where(m => m is { Name: null, Comment: null }).Select(m => m.Event.What).ShouldContain("lease-granted");
        messages.First(m => m.Name == "progress").Data!.ShouldContain("\"number\":1");
    }

    [Fact]
    public async Task A_quiet_stream_shows_that_it_is_alive()
    {
        var coordinator = await StartApiAsync(api: Quick with { Heartbeat = TimeSpan.Zero });
        await SubmitAsync(coordinator, Samples.Spec());
        await GetAsync<SweepDetail>("/api/v1/sweeps/fashion", _ => true);
        using var stream = await EventReader.OpenAsync(Http, Path, "1000", Patience);

        StreamMessage? message;
        do
        {
            message = await stream.NextAsync(Patience);
        }
        while (message is { Comment: null });

        message.ShouldNotBeNull().Comment.ShouldBe("still here");
    }

    [Fact]
    public async Task No_more_clients_follow_than_there_is_room_for()
    {
        var coordinator = await StartApiAsync(api: Quick with { MaxStreams = 1 });
        await SubmitAsync(coordinator, Samples.Spec());
        await GetAsync<SweepDetail>("/api/v1/sweeps/fashion", _ => true);
        using (await EventReader.OpenAsync(Http, Path, null, Patience))
        {
            var problem = await ProblemAsync(HttpStatusCode.ServiceUnavailable, new HttpRequestMessage(HttpMethod.Get, Path));
            problem.Detail.ShouldStartWith("1 clients follow sweeps on this node already");
        }

        while (true) // the room is free again, once the server has seen that the first one is gone
        {
            using var again = await Http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Patience);
            if (again.IsSuccessStatusCode)
                break;
        }
    }

    [Fact]
    public void What_people_and_the_scheduler_do_is_told()
    {
        var database = new JournalDatabase.Sqlite(Journal);
        database.Migrate();
        database.Write(Support.Journals.Sequel);
        new ReadModelFeed(database).Advance(100);

        var events = new ReadModelQueries(database).Events("later", 0, 100).ShouldNotBeNull().Events;

        events.Count.ShouldBe(Support.Journals.Sequel.Count - 1); // all but the coordinator's
        events.Single(e => e.What == "trial-moved" && e.Trial == 3).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe("Pending"), e => e.Parameters.ShouldNotBeNull(), e => e.Message!.ShouldStartWith("in place of trial 2, from trial 1 at step 200: "));
        events.Single(e => e.What == "trial-moved" && e.Trial == 1).Message.ShouldBe("trains on to step 400");
        events.Single(e => e.What == "sweep-controlled").ShouldSatisfyAllConditions(e => e.Trial.ShouldBe(3), e => e.Message.ShouldBe("pause by ada"));
        events.Single(e => e.What == "sweep-edited").Message.ShouldBe("version 2 by ada");
        events.Single(e => e.What == "target-reached").State.ShouldBe("Stopping");
        events.Single(e => e.What == "trial-paused").ShouldSatisfyAllConditions(e => e.State.ShouldBe("Paused"), e => e.Step.ShouldBe(200));
        events.ShouldAllBe(e => e.What.StartsWith("sweep-", StringComparison.Ordinal) || e.What == "evidence-taken" || e.What == "search-exhausted" || e.What == "target-reached" || e.Trial != null);
    }

    [Fact]
    public void Sweeps_whose_names_begin_alike_are_told_apart()
    {
        var database = new JournalDatabase.Sqlite(Journal);
        database.Migrate();
        var spec = Samples.Spec();
        database.Write(
            ("sweep-a", new SweepSubmitted(new SweepId("a"), spec with { Name = "a" })),
            ("trial-a-1", new Core.Trials.StallsForgiven()),
            ("trial-a-b-1", new Core.Trials.StallsForgiven()),
            ("sweep-a-b", new SweepSubmitted(new SweepId("a-b"), spec with { Name = "a-b" })),
            ("trial-a-2", new Core.Trials.StallsForgiven()));
        new ReadModelFeed(database).Advance(100);
        var queries = new ReadModelQueries(database);

        queries.Events("a", 0, 100).ShouldNotBeNull().Events.Select(e => (e.Place, e.What, e.Trial)).ShouldBe([(1, "sweep-submitted", null), (2, "stalls-forgiven", 1), (5, "stalls-forgiven", 2)]);
        queries.Events("a", 2, 1).ShouldNotBeNull().ShouldSatisfyAllConditions(p => p.Events.ShouldBeEmpty(), p => p.Place.ShouldBe(3), p => p.More.ShouldBeTrue());
        queries.Events("nothing", 0, 100).ShouldBeNull();
    }

    // The end's place is that of the whole journal, in which others write, too.
    private static string Told(StreamMessage message) => message.Name == "end" ? message.Data! : $"{message.Id} {message.Data}";

    /// <summary>All messages after a place, or the first ones.</summary>
    private async Task<List<StreamMessage>> ReadAsync(string? last, int most = int.MaxValue)
    {
        using var stream = await EventReader.OpenAsync(Http, Path, last, Patience);
        List<StreamMessage> messages = [];
        while (messages.Count < most && await stream.NextAsync(Patience) is { } message)
        {
            if (message.Name != "progress")
                messages.Add(message);
        }

        return messages;
    }
}
