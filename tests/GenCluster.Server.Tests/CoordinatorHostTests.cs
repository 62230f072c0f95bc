using System.Net;
using System.Net.Sockets;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Server.Tests.Support;
using Microsoft.Data.Sqlite;

namespace GenCluster.Server.Tests;

/// <summary>The host as the command uses it, with workers over TCP and a journal in a file.</summary>
public sealed class CoordinatorHostTests : ServerKit
{
    [Fact]
    public async Task A_sweep_runs_to_its_end_and_the_last_view_shows_it()
    {
        var coordinator = await StartAsync(expectedWorkers: 2);
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
        await StartWorkerAsync(coordinator, "w2", new ScriptedRunner(ScriptedRunner.Succeed));

        (await SubmitAsync(coordinator, Samples.Spec(maxTrials: 4))).ShouldBe(new SubmitAnswer(null, Resumed: false));
        var views = await WatchAsync(coordinator);

        views.SkipLast(1).ShouldAllBe(v => !v.HasEnded);
        var last = views[^1];
        last.Phase.ShouldBe(SweepPhase.Succeeded);
        last.Leaderboard().Select(t => (t.Number, t.Objective)).ShouldBe([(1, 11), (2, 12), (3, 13), (4, 14)]);
        last.Workers.Select(w => w.Worker.Value).ShouldBe(["w1", "w2"]);
        coordinator.Fault.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_sweep_may_be_submitted_again_and_a_changed_one_is_refused()
    {
        var coordinator = await StartAsync();

        (await SubmitAsync(coordinator, Samples.Spec())).ShouldBe(new SubmitAnswer(null, Resumed: false));
        (await SubmitAsync(coordinator, Samples.Spec())).ShouldBe(new SubmitAnswer(null, Resumed: true));
        (await SubmitAsync(coordinator, Samples.Spec(maxTrials: 9))).Refusal.ShouldBe("a sweep named 'fashion' exists and its file said something else");
    }

    [Fact]
    public async Task A_worker_whose_connection_closed_and_whom_a_peer_misses_is_lost_long_before_its_lease_ends()
    {
        var coordinator = await StartAsync(expectedWorkers: 3, leaseTime: TimeSpan.FromMinutes(10));
        using var killed = new ManualResetEventSlim();
        var survivor = new ScriptedRunner((order, observer, control) =>
        {
            observer.Started(0);
            killed.Wait(control.Aborted);
            observer.GangBroke(1, "the connection to w2 closed");
            var next = control.WaitForOrder()!;
            observer.Started(0);
            if (next.Member == 0)
                return ScriptedRunner.Succeed(next, observer, control);
            control.WaitForOrder();
            throw new InvalidOperationException("only the leader ends the trial");
        });
        await StartWorkerAsync(coordinator, "w1", survivor);
        var dying = await StartWorkerAsync(coordinator, "w2", new ScriptedRunner(ScriptedRunner.UntilStopped));
        await StartWorkerAsync(coordinator, "w3", survivor);
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1, minWorkers: 1, maxWorkers: 3, shards: 4));
        await WatchAsync(coordinator, v => v.Trials is [{ Gang.Count: 3 }, ..]);

        await dying.KillAsync();
        killed.Set();

        var last = (await WatchAsync(coordinator))[^1];
        last.Phase.ShouldBe(SweepPhase.Succeeded);
        last.Notices.ShouldContain("trial 1: w2 was lost (its connection closed), at step 0; 2 workers go on");
        survivor.Orders.Count.ShouldBe(2, "nobody was started again");
    }

    [Fact]
    public async Task A_finished_sweep_is_shown_by_the_next_host_without_a_worker()
    {
        var coordinator = await StartAsync();
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
        await SubmitAsync(coordinator, Samples.Spec());
        var before = (await WatchAsync(coordinator))[^1];
        await coordinator.DisposeAsync();

        var next = await StartAsync();

        (await SubmitAsync(next, Samples.Spec())).ShouldBe(new SubmitAnswer(null, Resumed: true));
        var after = (await WatchAsync(next)).ShouldHaveSingleItem();
        after.Phase.ShouldBe(SweepPhase.Succeeded);
        after.Leaderboard().Select(t => (t.Number, t.Objective, t.WeightsSha256)).ShouldBe(before.Leaderboard().Select(t => (t.Number, t.Objective, t.WeightsSha256)));
    }

    [Fact]
    public async Task A_host_that_was_stopped_in_the_middle_goes_on_with_the_workers_that_are_still_there()
    {
        var coordinator = await StartAsync();
        using var away = new ManualResetEventSlim();
        var runner = new ScriptedRunner((order, observer, control) =>
        {
            if (order.Lease.Trial.Number == 2)
                away.Wait(control.Aborted);
            return ScriptedRunner.Succeed(order, observer, control);
        });
        await StartWorkerAsync(coordinator, "w1", runner);
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 3, parallelTrials: 1));
        await WatchAsync(coordinator, v => v.Trials.Count > 1 && v.Trials[1].Phase is TrialPhase.Running);
        await coordinator.DisposeAsync();

        var next = await StartAsync(PortOf(coordinator));
        away.Set();

        (await WatchAsync(next))[^1].Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.Select(o => (o.Lease.Trial.Number, o.Lease.Epoch)).ShouldBe([(1, 1), (2, 1), (3, 1)]);
    }

    [Fact]
    public async Task A_drained_host_has_a_checkpoint_of_every_trial_and_the_next_one_resumes_from_them()
    {
        var coordinator = await StartAsync(expectedWorkers: 2);
        var patient = new ScriptedRunner(ScriptedRunner.UntilStopped);
        var worker = await StartWorkerAsync(coordinator, "w1", patient);
        var other = await StartWorkerAsync(coordinator, "w2", patient);
        await SubmitAsync(coordinator, Samples.Spec());
        await WatchAsync(coordinator, v => v.Trials.Count == 2 && v.Trials.All(t => t.Phase is TrialPhase.Running));

        await coordinator.DrainAsync(Patience);
        await worker.KillAsync();
        await other.KillAsync();
        await coordinator.DisposeAsync();
        var next = await StartAsync();
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        await StartWorkerAsync(next, "w1", runner);

        (await WatchAsync(next))[^1].Phase.ShouldBe(SweepPhase.Succeeded);
        runner.Orders.ShouldAllBe(o => o.Checkpoints.Single() == ScriptedRunner.ManifestAt(50));
    }

    [Fact]
    public async Task A_slow_watcher_gets_the_newest_view_and_not_each_one()
    {
        var coordinator = await StartAsync();
        await using var slow = coordinator.WatchAsync(Samples.Sweep, Patience).GetAsyncEnumerator(Patience);
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 20, parallelTrials: 1));
        (await slow.MoveNextAsync()).ShouldBeTrue();
        await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
        await WatchAsync(coordinator);

        var more = new List<SweepView>();
        while (await slow.MoveNextAsync())
            more.Add(slow.Current);

        more.Count.ShouldBeLessThanOrEqualTo(2);
        more[^1].HasEnded.ShouldBeTrue();
    }

    [Fact]
    public async Task Workers_are_no_members_of_the_cluster()
    {
        var coordinator = await StartAsync(expectedWorkers: 2);
        var runner = new ScriptedRunner(ScriptedRunner.UntilStopped);
        await StartWorkerAsync(coordinator, "w1", runner);
        await StartWorkerAsync(coordinator, "w2", runner);
        await SubmitAsync(coordinator, Samples.Spec());
        await WatchAsync(coordinator, v => v.Workers.Count == 2);

        var cluster = Akka.Cluster.Cluster.Get(((CoordinatorHost)coordinator).System);

        cluster.State.Members.ShouldHaveSingleItem().Address.ToString().ShouldBe(coordinator.Address);
        cluster.State.Unreachable.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_is_gone_without_a_goodbye_loses_its_trial_long_before_its_lease_is_over()
    {
        var coordinator = await StartAsync(leaseTime: TimeSpan.FromMinutes(10));
        var dying = await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.UntilStopped));
        await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1));
        await WatchAsync(coordinator, v => v.Trials[0].Phase is TrialPhase.Running);
        var runner = new ScriptedRunner(ScriptedRunner.Succeed);
        await StartWorkerAsync(coordinator, "w2", runner);

        await dying.KillAsync();

        var last = (await WatchAsync(coordinator))[^1];
        last.Phase.ShouldBe(SweepPhase.Succeeded);
        last.Notices.ShouldHaveSingleItem().ShouldContain("its connection closed");
        runner.Orders.ShouldHaveSingleItem().Lease.Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task A_commit_survives_a_power_cut_for_the_journal_is_in_wal_mode_and_fully_synchronous()
    {
        var coordinator = await StartAsync();
        await SubmitAsync(coordinator, Samples.Spec());

        // The mode is a property of the file, synchronous one of every connection: the library's default, which nobody changes.
        Query("PRAGMA journal_mode").ShouldBe("wal");
        Query("PRAGMA synchronous").ShouldBe(2L);
        File.Exists(Journal + "-wal").ShouldBeTrue();
    }

    [Theory]
    [InlineData("")] // the folder itself
    [InlineData("no/such/folder/journal.db")]
    [InlineData("/sys/journal.db")] // nobody may create a file there
    [InlineData("text.db")]
    public async Task A_journal_that_cannot_be_used_is_told_in_one_sentence(string name)
    {
        string path = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(Path.Combine(Folder, "text.db"), string.Concat(Enumerable.Repeat("this is no database, but a text of some length. ", 100)), Patience);

        var failure = await Should.ThrowAsync<JournalException>(() => CoordinatorHost.StartAsync(new CoordinatorOptions { Journal = new JournalDatabase.Sqlite(path) }, Patience));

        failure.Message.ShouldStartWith($"the journal {path} cannot be opened for writing: ");
        failure.Message.ShouldEndWith("; free or grant access to it and run the same command again");
        failure.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_journal_whose_events_cannot_be_read_is_told_in_one_sentence()
    {
        var coordinator = await StartAsync();
        await SubmitAsync(coordinator, Samples.Spec());
        await coordinator.DisposeAsync();
        Query("UPDATE journal SET message = x'93c1' WHERE manifest = 'coordinator-started/1' RETURNING 1");

        var failure = await Should.ThrowAsync<CoordinatorStartException>(() => StartAsync());

        failure.Message.ShouldStartWith($"the journal {Journal} cannot be read: malformed 'coordinator-started/1'");
        failure.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_journal_that_fails_while_running_is_told_in_one_sentence()
    {
        var coordinator = await StartAsync();
        using var other = Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        begin.ExecuteNonQuery();

        var submission = coordinator.SubmitAsync(Samples.Spec(), Patience);
        string fault = await coordinator.Fault.WaitAsync(Patience);

        fault.ShouldStartWith($"the journal {Journal} cannot be written: ");
        fault.ShouldContain("database is locked");
        fault.ShouldEndWith("; nothing acknowledged is lost: put that right and run the same command again");
        fault.ShouldNotContain('\n');
        submission.IsCompleted.ShouldBeFalse(); // and nothing is acknowledged
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Should.ThrowAsync<CoordinatorStartException>(() => StartAsync(port));

        failure.Message.ShouldBe($"the coordinator cannot listen on 127.0.0.1:{port}: Address already in use; choose another port, or 0 for any free one");
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_told_in_one_sentence()
    {
        var failure = await Should.ThrowAsync<CoordinatorStartException>(
            () => CoordinatorHost.StartAsync(new CoordinatorOptions { Journal = new JournalDatabase.Sqlite(Journal), Log = Folder }, Patience));

        failure.Message.ShouldStartWith($"the coordinator cannot write its log {Folder}: ");
    }

    [Fact]
    public async Task The_log_of_a_run_is_in_its_file_and_names_who_got_what()
    {
        string log = Path.Combine(Folder, "a \"quoted\" log");
        await using (var coordinator = await CoordinatorHost.StartAsync(new CoordinatorOptions { Journal = new JournalDatabase.Sqlite(Journal), Log = log }, Patience))
        {
            await StartWorkerAsync(coordinator, "w1", new ScriptedRunner(ScriptedRunner.Succeed));
            await SubmitAsync(coordinator, Samples.Spec(maxTrials: 1, parallelTrials: 1));
            await WatchAsync(coordinator);
        }

        (await File.ReadAllTextAsync(log, Patience)).ShouldContain("trial fashion/1 epoch 1 goes to w1");
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Journal}");
        connection.Open();
        return connection;
    }

    private object? Query(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
