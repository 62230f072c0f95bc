using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Journals;

namespace GenCluster.Server.ReadModel;

public sealed partial class ReadModelQueries
{
    /// <summary>A sweep alone; null when there is none of that name.</summary>
    public SweepSummary? Summary(string sweep)
    {
        using var connection = database.Open();
        return connection.Rows(SweepColumns + " AND s.sweep = @sweep", Summary, ("@sweep", sweep)) is [var found] ? found : null;
    }

    /// <summary>Trials of a sweep by number, from the one after <paramref name="after"/>; null when there is no such sweep.</summary>
    /// <param name="state">Those in this state alone; null: all.</param>
    public TrialPage? Trials(string sweep, long after, int limit, string? state)
    {
        using var connection = database.Open();
        if (connection.Rows(SweepColumns + " AND s.sweep = @sweep", Summary, ("@sweep", sweep)) is not [var summary])
            return null;
        string which = " AND t.trial > @after" + (state is null ? "" : $" AND {TrialState} = @state");
        var rows = Trials(connection, summary, which, limit + 1L, [("@after", after), .. state is null ? [] : new (string, object?)[] { ("@state", state) }]);
        return rows.Count <= limit ? new TrialPage(rows, null) : new TrialPage(rows[..limit], rows[limit - 1].Number);
    }

    /// <summary>The next events of a sweep that the read model has read, at most <paramref name="count"/>; null when there is no such sweep.</summary>
    public SweepEventPage? Events(string sweep, long after, int count)
    {
        using var connection = database.Open();
        var found = connection.Rows(
            $"""
            SELECT {SweepState}, CASE WHEN s.ended_at IS NULL OR EXISTS (
              SELECT 1 FROM gencluster_trials t WHERE t.sweep = s.sweep AND t.proposed_at IS NOT NULL AND t.ended_at IS NULL) THEN 0 ELSE 1 END
            FROM gencluster_sweeps s WHERE s.submitted_at IS NOT NULL AND s.sweep = @sweep
            """,
            r => (State: r.GetString(0), IsOver: r.GetInt32(1) != 0), ("@sweep", sweep));
        if (found is not [var (state, isOver)])
            return null;

        long place = ReadModelFeed.PlaceOf(connection); // after the state: so what ended it is not beyond
        var entries = JournalReader.OfSweep(connection, new SweepId(sweep), after, place, count, trials: true);
        bool more = entries.Count == count;
        return new SweepEventPage(
            [.. entries.Select(e => Telling.Of(e, sweep)).OfType<SweepEvent>()], more ? entries[^1].Ordering : Math.Max(place, after), more, isOver && !more, state);
    }

    /// <summary>A sweep as its own events make it; null when there is none of that name.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">An event is none of this release, or damaged.</exception>
    public SweepFold? Fold(string sweep)
    {
        using var connection = database.Open();
        var id = new SweepId(sweep);
        var state = Core.Sweeps.SweepState.New(id);
        List<int> ends = [];
        long place = 0;
        foreach (var entry in JournalReader.OfSweep(connection, id, 0, ReadModelFeed.PlaceOf(connection), int.MaxValue, trials: false))
        {
            var @event = (ISweepEvent)entry.Read();
            state = SweepDecider.Apply(state, @event);
            place = entry.Ordering;
            if (@event is TrialEnded ended)
                ends.Add(ended.Number);
        }

        return state.Exists ? new SweepFold(state, ends, place) : null;
    }
}
