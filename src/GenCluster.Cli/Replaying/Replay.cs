using System.Globalization;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Submission;
using GenCluster.Cli.Watching;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Sweeps;

namespace GenCluster.Cli.Replaying;

/// <summary><c>gencluster replay</c>: reads a sweep's events, and lists its decisions or derives them again.</summary>
internal sealed class Replay(ReplaySettings settings, CliPorts ports)
{
    private string Sweep => settings.Sweep;

    /// <exception cref="CliException">There is no such sweep, or its journal cannot be read or replayed.</exception>
    public int Run()
    {
        var events = RecordedSweep.Read(settings.Database, Sweep);
        if (settings.Verify)
            return Tell(events, Verify(events));
        List(events);
        return ExitCode.Done;
    }

    // A journal that no coordinator has written so may say anything, like the end of a trial that never began.
    private ReplayResult Verify(IReadOnlyList<ISweepEvent> events)
    {
        try
        {
            return new SweepReplay(Algorithms.Known).Verify(new SweepId(Sweep), events);
        }
        catch (Exception e) when (e is KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Failed, $"sweep {Sweep} cannot be replayed: {e.Message.TrimEnd('.')}; 'gencluster doctor' says what is wrong with the journal");
        }
    }

    private void List(IReadOnlyList<ISweepEvent> events)
    {
        (int Number, ToldEvent Told)[] decisions = [.. events.Index().Where(e => SweepReplay.IsDerived(e.Item)).Select(e => (e.Index + 1, ToldEvent.Of(e.Item)))];
        if (settings.Output is OutputFormat.Json)
        {
            ApiText.WriteJson(new { sweep = Sweep, events = events.Count, decisions = decisions.Select(d => new { @event = d.Number, decision = d.Told }) }, ports.Out);
            return;
        }

        TextTable.Write(
            ports.Out,
            [new("event", Right: true), new("kind"), new("trial", Right: true), new("decision")],
            [.. decisions.Select(d => (IReadOnlyList<string>)
                [d.Number.ToString(CultureInfo.InvariantCulture), d.Told.Kind, d.Told.Trial?.ToString(CultureInfo.InvariantCulture) ?? "-", d.Told.Text])]);
    }

    private int Tell(IReadOnlyList<ISweepEvent> events, ReplayResult result)
    {
        var agreed = Tally.Of(events.Take(result.Difference is { } at ? at.Number - 1 : events.Count));
        if (settings.Output is OutputFormat.Json)
            WriteJson(result, agreed);
        else
            WriteText(result, agreed);
        if (result.Difference is null)
            return ExitCode.Done;
        ports.Error.WriteLine("the journal was changed since, or written by another release, whose algorithms decide otherwise, or on a machine that rounds otherwise");
        return ExitCode.Failed;
    }

    private void WriteJson(ReplayResult result, Tally agreed)
    {
        var difference = result.Difference is { } d ? new { @event = d.Number, recorded = Told(d.Recorded), now = Told(d.Now) } : null;
        ApiText.WriteJson(new { sweep = Sweep, agrees = difference is null, events = result.Events, agreed, difference }, ports.Out);
    }

    private void WriteText(ReplayResult result, Tally agreed)
    {
        if (result.Difference is not { } difference)
        {
            ports.Out.WriteLine($"{Sweep}: {agreed} were derived again from {Words.Count(result.Events, "event")}, and agree");
            return;
        }

        ports.Out.WriteLine($"{Sweep}: event {difference.Number} comes out otherwise; before it, {agreed} were derived again, and agree");
        ports.Out.WriteLine($"  recorded  {Told(difference.Recorded)?.ToString() ?? "nothing: the journal ends before"}");
        ports.Out.WriteLine($"  now       {Told(difference.Now)?.ToString() ?? "nothing"}");
    }

    private static ToldEvent? Told(ISweepEvent? @event) => @event is null ? null : ToldEvent.Of(@event);
}

/// <summary>How many decisions of each kind came out the same.</summary>
/// <param name="Others">The end of the search, a target that was reached.</param>
internal sealed record Tally(int Proposals, int Rulings, int Moves, int Others)
{
    public static Tally Of(IEnumerable<ISweepEvent> events)
    {
        ISweepEvent[] derived = [.. events.Where(SweepReplay.IsDerived)];
        int proposals = derived.OfType<TrialProposed>().Count(), rulings = derived.OfType<TrialJudged>().Count(), moves = derived.OfType<TrialMoved>().Count();
        return new Tally(proposals, rulings, moves, derived.Length - proposals - rulings - moves);
    }

    public override string ToString()
    {
        string first = $"{Words.Count(Proposals, "proposal")}, {Words.Count(Rulings, "ruling")}", moves = Words.Count(Moves, "move");
        return Others == 0 ? $"{first} and {moves}" : $"{first}, {moves} and {Words.Count(Others, "other decision")}";
    }
}
