using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Coordination;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.ReadModel;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Cli.Tests.Doctor;

/// <summary><c>gencluster doctor</c> before journals and folders that are hurt in every way.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly Bench bench = new();
    private readonly JournalDatabase database;

    public DoctorCommandTests()
    {
        Directory.CreateDirectory(Folder);
        database = new JournalDatabase.Sqlite(Path.Combine(Folder, "journal.db"));
        database.Prepare();
    }

    private string Folder => Path.Combine(bench.Runs, "fashion");

    private string Line => $"doctor --journal {Path.Combine(Folder, "journal.db")}";

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_sound_journal_is_told_to_be()
    {
        Fill(Journals.Story);

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe(
            $"/tmp/runs/fashion/journal.db: {Journals.Story.Count} events of 1 sweeps and 2 trials; the read model is 0 behind; blobs were not checked (--runs DIR); all is well\n");
    }

    [Fact]
    public async Task A_read_model_that_nobody_feeds_is_behind_and_no_fault()
    {
        database.Write(Journals.Story);

        (await bench.RunAsync(Line + " --output json")).ShouldBe(ExitCode.Done);

        var seen = JsonDocument.Parse(bench.Out).RootElement;
        seen.GetProperty("readModelBehind").GetInt64().ShouldBe(Journals.Story.Count);
        seen.GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'sweep-fashion' AND sequence_number IN (4, 5)", "sequence-gap: sweep-fashion lacks events 4 to 5")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'coordinator' AND sequence_number = 2", "sequence-gap: coordinator lacks event 2")]
    [InlineData("UPDATE journal SET ordering = 999 WHERE persistence_id = 'coordinator' AND sequence_number = 1", "sequence-repeated: event 1 of coordinator (coordinator-started/1) comes after event 3: two coordinators have written")]
    [InlineData("UPDATE journal SET message = x'93c1' WHERE manifest = 'sweep-halted/1'", "event-unreadable: event 4 of sweep-fashion (sweep-halted/1) cannot be replayed: malformed 'sweep-halted/1'")]
    [InlineData("UPDATE journal SET manifest = 'sweep-h/9' WHERE manifest = 'sweep-halted/1'", "event-unreadable: event 4 of sweep-fashion (sweep-h/9) cannot be replayed: unknown manifest 'sweep-h/9'")]
    [InlineData("UPDATE journal SET identifier = 1 WHERE manifest = 'sweep-halted/1'", "event-unreadable: event 4 of sweep-fashion (sweep-halted/1) cannot be replayed: 'sweep-halted/1' was written by serializer 1")]
    [InlineData("UPDATE journal SET persistence_id = 'somebody' WHERE persistence_id = 'coordinator'", "event-misplaced: event 1 of somebody (coordinator-started/1) is none that belongs there")]
    public async Task What_is_wrong_with_a_journal_is_told_and_not_touched(string damage, string finding)
    {
        database.Write(Journals.Story);
        database.Change(damage);
        long before = database.Number("SELECT sum(length(message)) + count(*) FROM journal");

        (await bench.RunAsync(Line + " --repair")).ShouldBe(ExitCode.Failed);

        bench.Out.Split('\n').ShouldContain(l => l.StartsWith(finding, StringComparison.Ordinal), bench.Out);
        database.Number("SELECT sum(length(message)) + count(*) FROM journal").ShouldBe(before);
    }

    [Fact]
    public async Task A_sweep_that_says_otherwise_than_its_trial_is_found()
    {
        database.Write(Journals.Story.Where(e => e.Event is not TrialConcluded));

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Failed);

        bench.Out.ShouldContain("outcomes-differ: sweep fashion says that its trial 1 Succeeded, and the trial's own journal says nothing\n");
    }

    [Fact]
    public async Task A_read_model_that_differs_is_made_anew()
    {
        Fill(Journals.Story);
        database.Change("UPDATE gencluster_trials SET objective = 1 WHERE trial = 1; DELETE FROM gencluster_coordinators WHERE epoch = 1; INSERT INTO gencluster_sweeps (sweep) VALUES ('ghost')");

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Failed);
        bench.Out.ShouldContain("read-model-differs: gencluster_trials has other values of objective in the row 'fashion/1'\n");
        bench.Out.ShouldContain("read-model-differs: gencluster_coordinators lacks the row '1'\n");
        bench.Out.ShouldContain("read-model-differs: gencluster_sweeps has a row 'ghost' too much\n");
        bench.Error.ShouldBe("what can be mended is mended with --repair\n");

        (await bench.RunAsync(Line + " --repair")).ShouldBe(ExitCode.Done);
        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Blobs_are_held_against_the_journal()
    {
        FillWithBlobs("weights", "moments", "other");
        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);
        bench.Out.ShouldEndWith("blobs were checked; all is well\n");

        File.Delete(BlobFile("weights"));
        await File.WriteAllTextAsync(BlobFile("moments"), "moment", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(BlobFile("other"), "OTHER", TestContext.Current.CancellationToken);
        (await bench.RunAsync(Line + " --repair")).ShouldBe(ExitCode.Failed);

        bench.Out.ShouldContain("blob-missing: checkpoint of step 100 of trial fashion/1: 'weights' (");
        bench.Out.ShouldContain("blob-damaged: checkpoint of step 100 of trial fashion/1: 'moments' has 6 bytes and should have 7: /tmp/runs/fashion/trials/0001/checkpoints/");
        bench.Out.ShouldContain("blob-damaged: checkpoint of step 100 of trial fashion/1: the content of 'other' has another hash than its name: ");
        File.Exists(BlobFile("other")).ShouldBeTrue("what the journal names is never deleted");
    }

    [Fact]
    public async Task A_blob_is_looked_for_in_the_space_that_the_journal_names()
    {
        string space = Path.Combine(BlobFolder, "0007");
        Directory.CreateDirectory(space);
        FillWithBlobs(7, "weights");

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Failed);
        bench.Out.ShouldContain("' (" + BlobOf("weights").Sha256 + ") is not in /tmp/runs/fashion/trials/0001/checkpoints/0007\n");

        File.Move(BlobFile("weights"), Path.Combine(space, BlobOf("weights").Sha256));
        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Blobs_that_are_in_the_coordinators_database_are_not_checked_and_not_missed()
    {
        FillWithBlobs("weights");
        File.Delete(BlobFile("weights"));
        bench.Environment["GENCLUSTER_CHECKPOINTS"] = "journal:";

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);

        bench.Out.ShouldEndWith("blobs were not checked (they are in the coordinator's database); all is well\n");
    }

    [Fact]
    public async Task Blobs_are_looked_for_in_the_folder_that_workers_were_told()
    {
        FillWithBlobs("weights");
        string place = Path.Combine(bench.Folder, "place");
        (await bench.RunAsync($"{Line} --checkpoints file://{place}")).ShouldBe(ExitCode.Failed);
        bench.Out.ShouldContain("blob-missing: trial fashion/1 has 1 checkpoints and no folder /tmp/place/fashion/0001\n");

        Directory.CreateDirectory(Path.Combine(place, "fashion"));
        Directory.Move(BlobFolder, Path.Combine(place, "fashion", "0001"));
        (await bench.RunAsync($"{Line} --checkpoints file://{place}")).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Temporary_files_that_nobody_writes_any_more_go_and_others_stay()
    {
        FillWithBlobs("weights");
        string stale = Path.Combine(BlobFolder, ".blob.abc.tmp"), live = Path.Combine(BlobFolder, ".blob.def.tmp");
        await File.WriteAllTextAsync(stale, "half", TestContext.Current.CancellationToken);
        using var writing = new FileStream(live, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Failed);
        bench.Out.ShouldContain("temp-file: /tmp/runs/fashion/trials/0001/checkpoints/.blob.abc.tmp was never finished\n");
        (await bench.RunAsync(Line + " --repair")).ShouldBe(ExitCode.Done);

        File.Exists(stale).ShouldBeFalse();
        File.Exists(live).ShouldBeTrue();
        File.Exists(BlobFile("weights")).ShouldBeTrue();
    }

    [Fact]
    public async Task Blobs_that_no_checkpoint_names_are_cleared_away_but_not_those_that_a_leader_may_have_just_put()
    {
        FillWithBlobs("weights");
        string leaders = Path.Combine(BlobFolder, "0001", BlobOf("new").Sha256), foreign = Path.Combine(BlobFolder, "notes");
        Directory.CreateDirectory(Path.Combine(BlobFolder, "0001"));
        foreach (string file in (string[])[BlobFile("old"), leaders, foreign])
            await File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);
        bench.Error.ShouldEndWith("there is 1 blob (3 bytes) that no checkpoint names; --repair clears them away\n");
        File.Exists(BlobFile("old")).ShouldBeTrue();
        (await bench.RunAsync(Line + " --repair")).ShouldBe(ExitCode.Done);

        bench.Error.ShouldEndWith("cleared away 1 blob (3 bytes) that no checkpoint names\n");
        File.Exists(BlobFile("old")).ShouldBeFalse();
        File.Exists(BlobFile("weights")).ShouldBeTrue();
        File.Exists(leaders).ShouldBeTrue();
        File.Exists(foreign).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_cleared_away_by_a_journal_with_gaps()
    {
        FillWithBlobs("weights");
        await File.WriteAllTextAsync(BlobFile("old"), "old", TestContext.Current.CancellationToken);
        database.Change("DELETE FROM journal WHERE persistence_id = 'sweep-fashion' AND sequence_number = 1");

        (await bench.RunAsync(Line + " --repair")).ShouldBe(ExitCode.Failed);

        File.Exists(BlobFile("old")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_journal_of_the_first_release_is_sound_and_gets_a_read_model()
    {
        string old = Path.Combine(bench.Folder, "old.db");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "journal-of-the-first-release.db"), old);

        (await bench.RunAsync($"doctor --journal {old}")).ShouldBe(ExitCode.Failed);
        bench.Out.ShouldContain("read-model-missing: the tables of the read model are not there\n");
        (await bench.RunAsync($"doctor --journal {old} --repair")).ShouldBe(ExitCode.Done);

        new ReadModelQueries(new JournalDatabase.Sqlite(old)).Sweep("quickstart").ShouldNotBeNull().Sweep.Succeeded.ShouldBe(4);
    }

    [Theory]
    [InlineData("doctor", "which journal? Give --journal FILE, or --database-file FILE (or GENCLUSTER_DATABASE)")]
    [InlineData("doctor --journal nowhere.db", "there is no journal nowhere.db; check the path")]
    [InlineData("doctor --journal /dev/null --checkpoints nowhere", "--checkpoints: the value is not an address of checkpoints; give one like file:///folder, s3://bucket/prefix?endpoint=http://host:port&region=name, or journal:")]
    [InlineData("doctor --journal a --database-file b", "--journal and --database-file do not go together: give one of them")]
    public async Task Which_journal_must_be_told(string line, string sentence)
    {
        (await bench.RunAsync(line)).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe($"gencluster: {sentence}\n");
    }

    private string BlobFolder => Path.Combine(Folder, "trials", "0001", "checkpoints");

    private string BlobFile(string content) => Path.Combine(BlobFolder, BlobOf(content).Sha256);

    private static BlobRef BlobOf(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return new BlobRef(content, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }

    private void FillWithBlobs(params string[] contents) => FillWithBlobs(0, contents);

    private void FillWithBlobs(long space, params string[] contents)
    {
        Directory.CreateDirectory(BlobFolder);
        foreach (string content in contents)
            File.WriteAllText(BlobFile(content), content);
        Fill(
        [
            (Journals.Coordinator, new CoordinatorStarted(1)),
            (Journals.Coordinator, new SweepRegistered(Samples.Sweep)),
            (Journals.Sweep, new SweepSubmitted(Samples.Sweep, Samples.Spec())),
            (Journals.Sweep, new TrialProposed(1, Samples.Assignment)),
            (Journals.Trial(1), new TrialCreated(TrialDefinition.Of(Samples.Spec(), Samples.Trial with { Number = 1 }, Samples.Assignment))),
            (Journals.Trial(1), new LeaseGranted(1, [Samples.Worker])),
            (Journals.Trial(1), new CheckpointCommitted(1, new CheckpointManifest(100, [.. contents.Select(c => BlobOf(c) with { Space = space })], "cpu"))),
        ]);
    }

    private void Fill(IEnumerable<(string, object)> events)
    {
        database.Write(events);
        while (new ReadModelFeed(database).Advance(1_000) > 0)
        {
        }
    }
}
