using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Tests.Support;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Tests.Support;

namespace GenCluster.Cli.Tests.Replaying;

/// <summary><c>gencluster replay</c> on journals that algorithms wrote, and on some that were changed since.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly Bench bench = new();
    private readonly JournalDatabase database;

    public ReplayCommandTests()
    {
        database = new JournalDatabase.Sqlite(Path.Combine(bench.Folder, "journal.db"));
        database.Prepare();
    }

    private string Line => $"replay fashion --journal {Path.Combine(bench.Folder, "journal.db")}";

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("stop")]
    [InlineData("promote")]
    public async Task What_the_algorithms_wrote_comes_out_the_same(string mode)
    {
        var events = PlayedSweep.Asha(mode);
        int rulings = events.OfType<TrialJudged>().Count(), moves = events.OfType<TrialMoved>().Count();
        (mode is "stop" ? rulings : moves).ShouldBeGreaterThan(1);
        Write(events);

        (await bench.RunAsync($"{Line} --verify")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe($"fashion: 6 proposals, {rulings} rulings and {moves} moves were derived again from {events.Count} events, and agree\n");
        bench.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_end_of_a_search_is_a_decision_too()
    {
        Write(PlayedSweep.Grid());

        (await bench.RunAsync($"{Line} --verify")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldStartWith("fashion: 2 proposals, 0 rulings, 0 moves and 1 other decision were derived again from ");
    }

    [Fact]
    public async Task A_journal_of_the_first_release_comes_out_the_same_today()
    {
        string old = Path.Combine(AppContext.BaseDirectory, "Golden", "journal-of-the-first-release.db"), copy = Path.Combine(bench.Folder, "old.db");
        File.Copy(old, copy);

        (await bench.RunAsync($"replay quickstart --verify --journal {copy}")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe("quickstart: 4 proposals, 0 rulings and 0 moves were derived again from 10 events, and agree\n");
    }

    [Fact]
    public async Task A_long_journal_is_read_to_its_end()
    {
        IEnumerable<ISweepEvent> pauses = Enumerable.Range(0, 600).SelectMany(_ => (ISweepEvent[])[new SweepHalted("no space left"), new SweepResumed()]);
        Write([new SweepSubmitted(Samples.Sweep, Samples.Spec()), .. pauses]);

        (await bench.RunAsync($"{Line} --verify")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldBe("fashion: 0 proposals, 0 rulings and 0 moves were derived again from 1201 events, and agree\n");
    }

    [Fact]
    public async Task A_proposal_that_was_changed_differs_and_is_named()
    {
        List<ISweepEvent> events = [.. PlayedSweep.Asha("stop")];
        int at = events.FindIndex(e => e is TrialProposed { Number: 4 });
        var proposed = (TrialProposed)events[at];
        var changed = proposed with { Assignment = proposed.Assignment.With(new Assignment([new("optimizer.beta1", ParameterValue.Of(0.123))])) };
        events[at] = changed;
        Write(events);

        (await bench.RunAsync($"{Line} --verify")).ShouldBe(ExitCode.Failed);

        string[] lines = bench.Out.Split('\n');
        lines[0].ShouldStartWith($"fashion: event {at + 1} comes out otherwise; before it, 3 proposals, ");
        lines[1].ShouldBe($"  recorded  trial-proposed, trial 4: {changed.Assignment}");
        lines[2].ShouldBe($"  now       trial-proposed, trial 4: {proposed.Assignment}");
        bench.Error.ShouldBe("the journal was changed since, or written by another release, whose algorithms decide otherwise, or on a machine that rounds otherwise\n");
    }

    [Fact]
    public async Task A_journal_that_lacks_a_ruling_at_its_end_differs_there()
    {
        List<ISweepEvent> events = [.. PlayedSweep.Asha("stop")];
        int at = events.FindIndex(e => e is TrialJudged);
        Write(events[..at]);

        (await bench.RunAsync($"{Line} --verify --output json")).ShouldBe(ExitCode.Failed);

        var answer = JsonDocument.Parse(bench.Out).RootElement;
        answer.GetProperty("agrees").GetBoolean().ShouldBeFalse();
        answer.GetProperty("agreed").GetProperty("proposals").GetInt32().ShouldBe(3);
        var difference = answer.GetProperty("difference");
        difference.GetProperty("event").GetInt32().ShouldBe(at + 1);
        difference.GetProperty("recorded").ValueKind.ShouldBe(JsonValueKind.Null);
        difference.GetProperty("now").GetProperty("kind").GetString().ShouldBe("trial-judged");
    }

    [Theory]
    [InlineData("stop", "replay-stop")]
    [InlineData("promote", "replay-promote")]
    public async Task Decisions_are_listed_with_the_numbers_of_their_events(string mode, string expectation)
    {
        Write(PlayedSweep.Asha(mode));

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch(expectation);
    }

    [Fact]
    public async Task Each_kind_of_decision_has_its_words()
    {
        database.Write(Journals.Sequel);

        (await bench.RunAsync(Line.Replace("fashion", "later", StringComparison.Ordinal))).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch("replay-kinds");
    }

    [Fact]
    public async Task Programs_get_values_and_rulings()
    {
        var events = PlayedSweep.Asha("stop");
        Write(events);

        (await bench.RunAsync($"{Line} --output json")).ShouldBe(ExitCode.Done);

        var answer = JsonDocument.Parse(bench.Out).RootElement;
        answer.GetProperty("events").GetInt32().ShouldBe(events.Count);
        JsonElement[] decisions = [.. answer.GetProperty("decisions").EnumerateArray()];
        decisions.Select(d => d.GetProperty("event").GetInt32()).ShouldBe(events.Index().Where(e => e.Item is TrialProposed or TrialJudged).Select(e => e.Index + 1));
        decisions[0].GetProperty("decision").GetProperty("parameters").GetProperty("optimizer.beta1").GetDouble()
            .ShouldBe(events.OfType<TrialProposed>().First().Assignment["optimizer.beta1"].AsNumber());
        var ruling = decisions.Select(d => d.GetProperty("decision")).First(d => d.GetProperty("kind").GetString() == "trial-judged").GetProperty("ruling");
        ruling.GetProperty("cutoff").GetDouble().ShouldBe(events.OfType<TrialJudged>().First().Ruling.Cutoff!.Value);
    }

    [Fact]
    public async Task A_sweep_that_nobody_knows_is_refused_with_those_there_are()
    {
        database.Write([("sweep-shoes", new SweepSubmitted(new("shoes"), Samples.Spec())), ("sweep-hats", new SweepSubmitted(new("hats"), Samples.Spec()))]);

        (await bench.RunAsync(Line)).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe("gencluster: there is no sweep 'fashion' in /tmp/journal.db; there are: hats, shoes\n");
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE sequence_number = 3", "event 4 of sweep-fashion (trial-proposed/1) stands where event 3 should")]
    [InlineData("UPDATE journal SET message = x'93c1' WHERE sequence_number = 2", "event 2 of sweep-fashion (trial-proposed/1) cannot be read: malformed 'trial-proposed/1'")]
    [InlineData("DROP TABLE journal", "the journal /tmp/journal.db cannot be read: SQLite Error 1: 'no such table: journal'")]
    public async Task A_journal_that_is_hurt_is_told_in_a_sentence(string damage, string sentence)
    {
        Write(PlayedSweep.Asha("stop"));
        database.Change(damage);

        (await bench.RunAsync($"{Line} --verify")).ShouldBe(ExitCode.Failed);

        bench.Out.ShouldBeEmpty();
        bench.Error.ShouldStartWith($"gencluster: {sentence}");
        bench.Error.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task A_trial_that_ends_before_it_began_is_no_defect_of_the_command()
    {
        var events = PlayedSweep.Asha("stop");
        Write([events[0], events.First(e => e is TrialEnded)]);

        (await bench.RunAsync($"{Line} --verify")).ShouldBe(ExitCode.Failed);

        bench.Error.ShouldStartWith("gencluster: sweep fashion cannot be replayed: ");
    }

    [Fact]
    public async Task The_journal_must_be_told()
    {
        (await bench.RunAsync("replay fashion")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe("gencluster: which journal? Give --journal FILE, or --database-file FILE (or GENCLUSTER_DATABASE)\n");
    }

    private void Write(IEnumerable<ISweepEvent> events) => database.Write(events.Select(e => (Journals.Sweep, (object)e)));
}
