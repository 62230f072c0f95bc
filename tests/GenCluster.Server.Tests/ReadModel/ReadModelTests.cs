using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Server.Journals;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;
using GenCluster.TestServers;
using static GenCluster.Server.Tests.Support.Journals;

namespace GenCluster.Server.Tests.ReadModel;

/// <summary>The read model in a database: SQLite, and a real PostgreSQL.</summary>
public sealed class ReadModelTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Holds_what_the_journal_says_however_it_is_cut_into_batches(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Story);
        var feed = new ReadModelFeed(database);

        for (int batch = 1; feed.Advance(batch) == batch; batch++)
        {
        }

        Place(database).ShouldBe(Story.Count);
        RowsOf(database).DifferencesFrom(Expected(database)).ShouldBeEmpty();
        RowsOf(database).Count.ShouldBe(Expected(database).Count);
        feed.Advance(10).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tells_of_milestones_rulings_parents_and_what_people_did(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Sequel);
        new ReadModelFeed(database).Advance(1_000);

        RowsOf(database).DifferencesFrom(Expected(database)).ShouldBeEmpty();
        var sweep = new ReadModelQueries(database).Sweep("later").ShouldNotBeNull();
        (sweep.Sweep.State, sweep.Version, sweep.EndReason, sweep.Sweep.MaxTrials).ShouldBe(("Stopping", 2, "trial 3 reached the target", 4));
        sweep.History.Select(h => $"{h.What}: {h.Message}").ShouldBe(
        [
            "submitted: ", "evidence: 1 trials of another sweep", "exhausted: the search has nothing more to propose", "pause: trial 3 by ada",
            "edited: version 2 by ada", "reached: trial 3 reached the target",
        ]);
        sweep.TrialList.Select(t => (t.Number, t.State, t.Until, t.WaitsAt, t.Parent, t.Replaces)).ShouldBe(
        [
            (1, "Pending", 400, null, null, null), (2, "Pending", 200, null, null, null), (3, "Pending", 400, null, 1, 2),
        ]);
        sweep.TrialList[0].Ruling.ShouldNotBeNull().GetProperty("cutoff").GetDouble().ShouldBe(10.25);
    }

    [Theory]
    [InlineData("TrialPaused", "Paused")]
    [InlineData("TrialHeld", "Paused")]
    [InlineData("TrialFreed", "Pending")]
    public async Task A_trial_that_waits_is_paused(string after, string state)
    {
        var database = await NewAsync(postgres: false);
        database.Write(Sequel.Take(Sequel.Index().First(e => e.Item.Event.GetType().Name == after).Index + 1));
        new ReadModelFeed(database).Advance(1_000);

        new ReadModelQueries(database).Sweep("later")!.TrialList.Single(t => t.Number == (after == "TrialPaused" ? 1 : 3)).State.ShouldBe(state);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_made_anew_from_nothing(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Story);
        var feed = new ReadModelFeed(database);
        while (feed.Advance(7) > 0)
        {
        }

        database.Change("UPDATE gencluster_trials SET objective = 0; DELETE FROM gencluster_gangs; INSERT INTO gencluster_coordinators (epoch) VALUES (77)");
        database.Write([(Coordinator, new CoordinatorStarted(3))]);

        feed.Rebuild().ShouldBe(Story.Count + 1);

        RowsOf(database).DifferencesFrom(Expected(database)).ShouldBeEmpty();
        Place(database).ShouldBe(Story.Count + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_that_feed_it_apply_every_event_once(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Story);

        int[] applied = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int count = 0;
            for (int tries = 0; tries < 1_000; tries++)
            {
                try
                {
                    int more = new ReadModelFeed(database).Advance(3);
                    if (more == 0)
                        break;
                    count += more;
                }
                catch (FeedMovedException)
                {
                }
            }

            return count;
        })));

        applied.Sum().ShouldBe(Story.Count);
        RowsOf(database).DifferencesFrom(Expected(database)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_made_anew_while_another_one_feeds_it(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Story);
        var feed = new ReadModelFeed(database);
        feed.Advance(3);
        using var over = new CancellationTokenSource();
        var feeding = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    try
                    {
                        feed.Advance(1);
                    }
                    catch (FeedMovedException)
                    {
                    }
                }
            },
            TestContext.Current.CancellationToken);

        for (int i = 0; i < 5; i++)
        {
            database.Change("DELETE FROM gencluster_gangs");
            new ReadModelFeed(database).Rebuild();
        }

        await over.CancelAsync();
        await feeding;
        while (feed.Advance(100) > 0)
        {
        }

        RowsOf(database).DifferencesFrom(Expected(database)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_that_cannot_be_read_stops_it_before_that_and_changes_nothing(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Story);
        database.Change("UPDATE journal SET manifest = 'from-the-future/1' WHERE ordering = 4");
        var feed = new ReadModelFeed(database);
        feed.Advance(3).ShouldBe(3);

        Should.Throw<System.Runtime.Serialization.SerializationException>(() => feed.Advance(3)).Message.ShouldContain("from-the-future/1");

        Place(database).ShouldBe(3);
    }

    [Fact]
    public async Task An_event_that_is_committed_after_a_later_one_is_not_missed()
    {
        var database = await NewAsync(postgres: true);
        database.Write([(Coordinator, new CoordinatorStarted(1))]);
        await using var slow = database.Open();
        var writing = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        Insert(writing, "sweep-slow", Story[2].Event); // has place 2 now, and is seen by nobody
        database.Write([(Coordinator, new SweepRegistered(new SweepId("other")))]);
        var feed = new ReadModelFeed(database);

        var advance = Task.Run(() => feed.Advance(10));
        while (database.Number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0 && !advance.IsCompleted)
            await Task.Yield();
        await writing.CommitAsync(TestContext.Current.CancellationToken);

        (await advance).ShouldBe(3);
        RowsOf(database).Find(ReadTables.Sweeps, "phase", "slow").ShouldBe("Running");
    }

    [Fact]
    public async Task A_place_whose_writer_failed_is_passed_over()
    {
        var database = await NewAsync(postgres: true);
        database.Write([(Coordinator, new CoordinatorStarted(1))]);
        await using (var failing = database.Open())
        {
            await using var writing = await failing.BeginTransactionAsync(TestContext.Current.CancellationToken);
            Insert(writing, Coordinator, new CoordinatorStarted(2));
            await writing.RollbackAsync(TestContext.Current.CancellationToken);
        }

        database.Write([(Coordinator, new CoordinatorStarted(2))]);

        new ReadModelFeed(database).Advance(10).ShouldBe(2);
        Place(database).ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shows_a_sweep_its_trials_its_best_and_its_history(bool postgres)
    {
        var queries = await FilledAsync(postgres);

        var page = queries.Sweeps(null, 10);

        var summary = page.Sweeps.ShouldHaveSingleItem();
        page.Next.ShouldBeNull();
        summary.ShouldBe(new SweepSummary(
            "fashion", "Succeeded", "dcgan", "swd", "Minimize", 2, 2, 0, 1, 1, 12.5, Began.AddSeconds(2), Began.AddSeconds(Story.Count - 1)));

        var sweep = queries.Sweep("fashion").ShouldNotBeNull();
        sweep.Sweep.ShouldBe(summary);
        (sweep.BestTrial, sweep.HaltReason, sweep.Dataset, sweep.Algorithm, sweep.Steps).ShouldBe((1, null, "fashion-mnist-sample", "random", 600));
        sweep.History.Select(h => (h.What, h.Message)).ShouldBe([("submitted", null), ("halted", "no space left"), ("resumed", null), ("ended", "Succeeded")]);
        sweep.TrialList.Select(t => (t.Number, t.State, t.Objective, t.Untrained, t.Step, t.Attempts, t.Failure, t.Message)).ShouldBe(
        [
            (1, "Succeeded", 12.5, 99.25, 600, 2, null, null),
            (2, "Failed", null, 99.25, 600, 1, "NonFinite", "a loss is NaN"),
        ]);
        sweep.TrialList[0].Parameters.GetProperty("loss").GetString().ShouldBe("hinge");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shows_a_trial_with_every_gang_and_why_it_ended(bool postgres)
    {
        var queries = await FilledAsync(postgres);

        var trial = queries.Trial("fashion", 1).ShouldNotBeNull();
        trial.Gangs.Select(g => (g.Epoch, g.Attempt, Members(g.Members), g.Cause, g.EndMessage)).ShouldBe(
            [(1, true, "worker-1", "Lost", "worker-1 was lost"), (2, true, "worker-1", null, null)]);
        trial.Gangs[1].EndedAt.ShouldBe(Began.AddSeconds(27)); // when the sweep took note of the trial's end
        trial.Reports.Select(r => (r.Step, r.Metric, r.Value)).ShouldBe([(0, "swd", 99.25), (600, "swd", 12.5)]);
        trial.Checkpoints.Select(c => (c.Step, c.Epoch, c.Bytes)).ShouldBe([(100, 1, 3702), (600, 2, 3702)]);

        var changed = queries.Trial("fashion", 2).ShouldNotBeNull();
        changed.Gangs.Select(g => (g.Epoch, g.Attempt, Members(g.Members), g.Reason)).ShouldBe(
            [(1, true, "worker-2 worker-3", null), (2, false, "worker-3", "worker-2 was lost, at step 250; 1 worker goes on")]);
        changed.Reports.Select(r => (r.Metric, r.Value)).ShouldBe([("diversity", null), ("swd", null)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sweeps_come_page_by_page_and_what_is_not_there_is_nothing(bool postgres)
    {
        var database = await NewAsync(postgres);
        foreach (string name in (string[])["d", "b", "a", "c"])
            database.Write([($"sweep-{name}", new Core.Sweeps.SweepSubmitted(new(name), Samples.Spec() with { Name = name }))]);
        new ReadModelFeed(database).Advance(10).ShouldBe(4);
        var queries = new ReadModelQueries(database);

        var first = queries.Sweeps(null, 3);
        var second = queries.Sweeps(first.Next, 3);

        first.Sweeps.Select(s => s.Name).ShouldBe(["a", "b", "c"]);
        second.Sweeps.Select(s => s.Name).ShouldBe(["d"]);
        second.Next.ShouldBeNull();
        queries.Sweep("nothing").ShouldBeNull();
        queries.Trial("a", 1).ShouldBeNull();
        queries.Trial("nothing", 1).ShouldBeNull();
        queries.JournalPlace().ShouldBe(4);
    }

    private static string Members(JsonElement members) => string.Join(' ', members.EnumerateArray().Select(m => m.GetString()));

    private static RowSet RowsOf(JournalDatabase database)
    {
        using var connection = database.Open();
        return RowSet.Read(connection);
    }

    /// <summary>The same, made in memory.</summary>
    private static RowSet Expected(JournalDatabase database)
    {
        using var connection = database.Open();
        var rows = new RowSet();
        foreach (var change in JournalReader.UpTo(connection, long.MaxValue).SelectMany(e => Projection.Of(e)))
            rows.Apply(change);
        return rows;
    }

    private static long Place(JournalDatabase database)
    {
        using var connection = database.Open();
        return ReadModelFeed.PlaceOf(connection);
    }

    private async Task<ReadModelQueries> FilledAsync(bool postgres)
    {
        var database = await NewAsync(postgres);
        database.Write(Story);
        new ReadModelFeed(database).Advance(1_000).ShouldBe(Story.Count);
        return new ReadModelQueries(database);
    }

    private async Task<JournalDatabase> NewAsync(bool postgres)
    {
        JournalDatabase database = postgres
            ? new JournalDatabase.Postgres(await server.CreateDatabaseAsync())
            : new JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        database.Migrate();
        database.Prepare();
        return database;
    }
}
