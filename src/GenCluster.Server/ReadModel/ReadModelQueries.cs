using System.Data.Common;
using System.Text.Json;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Server.ReadModel;

/// <summary>What people ask for, from the read model: on any node, and also while no coordinator rules. Blocks on the database.</summary>
public sealed partial class ReadModelQueries(JournalDatabase database)
{
    private const string SweepState = $"CASE WHEN s.halt_reason IS NULL THEN s.phase ELSE '{nameof(SweepPhase.Halted)}' END";

    private const string TrialState =
        $"CASE WHEN t.phase = '{nameof(TrialPhase.Pending)}' AND (t.held = 1 OR t.waits_at IS NOT NULL) THEN '{nameof(TrialPhase.Paused)}' ELSE t.phase END";

    private const string SweepColumns = $"""
        SELECT s.sweep, {SweepState}, s.model, s.metric, s.goal, s.max_trials, s.submitted_at, s.ended_at,
          (SELECT count(*) FROM gencluster_trials t WHERE t.sweep = s.sweep),
          (SELECT count(*) FROM gencluster_trials t WHERE t.sweep = s.sweep AND t.phase = '{nameof(TrialPhase.Running)}'),
          (SELECT count(*) FROM gencluster_trials t WHERE t.sweep = s.sweep AND t.phase = '{nameof(TrialPhase.Succeeded)}'),
          (SELECT count(*) FROM gencluster_trials t WHERE t.sweep = s.sweep AND t.phase = '{nameof(TrialPhase.Failed)}'),
          (SELECT CASE WHEN s.goal = '{nameof(Goal.Maximize)}' THEN max(t.objective) ELSE min(t.objective) END
             FROM gencluster_trials t WHERE t.sweep = s.sweep AND t.phase = '{nameof(TrialPhase.Succeeded)}'),
          s.halt_reason, s.dataset, s.algorithm, s.steps, s.searched, s.version, s.end_reason
        FROM gencluster_sweeps s WHERE s.submitted_at IS NOT NULL
        """;

    /// <summary>Sweeps by name, from the one after <paramref name="after"/>.</summary>
    public SweepPage Sweeps(string? after, int limit)
    {
        using var connection = database.Open();
        var rows = connection.Rows(
            SweepColumns + " AND s.sweep > @after ORDER BY s.sweep LIMIT @limit", Summary, ("@after", after ?? ""), ("@limit", limit + 1));
        return rows.Count <= limit ? new SweepPage(rows, null) : new SweepPage(rows[..limit], rows[limit - 1].Name);
    }

    /// <summary>A sweep, or null when there is none of that name.</summary>
    public SweepDetail? Sweep(string name)
    {
        using var connection = database.Open();
        long place = ReadModelFeed.PlaceOf(connection); // before the rows, which may be newer
        var found = connection.Rows(
            SweepColumns + " AND s.sweep = @sweep",
            r => (Summary: Summary(r), Halt: r.Text(13), Dataset: r.GetString(14), Algorithm: r.GetString(15), Steps: r.GetInt64(16), Searched: r.GetString(17), Version: r.Integer(18) ?? 1, EndReason: r.Text(19)),
            ("@sweep", name));
        if (found is not [var sweep])
            return null;

        var trials = Trials(connection, sweep.Summary, "");
        var history = connection.Rows(
            "SELECT at, what, message FROM gencluster_sweep_history WHERE sweep = @sweep ORDER BY ordering",
            r => new HistoryEntry(Time(r.GetInt64(0)), r.GetString(1), r.Text(2)), ("@sweep", name));
        return new SweepDetail(
            sweep.Summary, sweep.Halt, BestOf(trials, sweep.Summary), sweep.Dataset, sweep.Algorithm, sweep.Steps, Json(sweep.Searched), trials, history,
            place)
        {
            Version = sweep.Version,
            EndReason = sweep.EndReason,
        };
    }

    /// <summary>A trial, or null when there is none of that number.</summary>
    public TrialDetail? Trial(string sweep, long number)
    {
        using var connection = database.Open();
        if (connection.Rows(SweepColumns + " AND s.sweep = @sweep", Summary, ("@sweep", sweep)) is not [var summary]
            || Trials(connection, summary, " AND t.trial = @trial", ("@trial", number)) is not [var trial])
        {
            return null;
        }

        (string, object?)[] which = [("@sweep", sweep), ("@trial", number)];
        var gangs = connection.Rows(
            """
            SELECT g.epoch, g.attempt, g.members, g.began_at, g.reason, coalesce(g.ended_at, CASE WHEN g.epoch = t.epoch THEN t.ended_at END), g.cause, g.end_message
            FROM gencluster_gangs g JOIN gencluster_trials t ON t.sweep = g.sweep AND t.trial = g.trial
            WHERE g.sweep = @sweep AND g.trial = @trial ORDER BY g.epoch
            """,
            r => new GangEntry(r.GetInt64(0), r.GetInt64(1) != 0, Json(r.GetString(2)), Time(r.GetInt64(3)), r.Text(4), Time(r.Integer(5)), r.Text(6), r.Text(7)),
            which);
        var reports = connection.Rows(
            "SELECT step, metric, value, reported_at FROM gencluster_reports WHERE sweep = @sweep AND trial = @trial ORDER BY step, metric",
            r => new ReportEntry(r.GetInt64(0), r.GetString(1), Finite(r.Real(2)), Time(r.GetInt64(3))),
            which);
        var checkpoints = connection.Rows(
            "SELECT step, epoch, bytes, blobs, committed_at FROM gencluster_checkpoints WHERE sweep = @sweep AND trial = @trial ORDER BY step",
            r => new CheckpointEntry(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), Json(r.GetString(3)), Time(r.GetInt64(4))),
            which);
        return new TrialDetail(sweep, trial, gangs, reports, checkpoints);
    }

    /// <summary>Whether the journal can be read at all.</summary>
    /// <exception cref="DbException">It cannot.</exception>
    public long JournalPlace()
    {
        using var connection = database.Open();
        return JournalReader.Last(connection);
    }

    /// <param name="which">Conditions that follow the others, with <paramref name="values"/> for their names.</param>
    private static List<TrialSummary> Trials(
        DbConnection connection, SweepSummary sweep, string which, params ReadOnlySpan<(string, object?)> values) => Trials(connection, sweep, which, long.MaxValue, values);

    private static List<TrialSummary> Trials(
        DbConnection connection, SweepSummary sweep, string which, long most, params ReadOnlySpan<(string, object?)> values)
    {
        return connection.Rows(
            $"""
            SELECT t.trial, {TrialState}, t.assignment, t.objective, r.value, coalesce(t.untrained, u.value), t.steps, r.step,
              (SELECT count(*) FROM gencluster_gangs g WHERE g.sweep = t.sweep AND g.trial = t.trial AND g.attempt = 1),
              t.weights_sha256, t.failure, t.message, t.ended_at,
              t.until, t.waits_at, t.parent, t.replaces, t.ruling, t.device_seconds
            FROM gencluster_trials t
            LEFT JOIN gencluster_reports r ON r.sweep = t.sweep AND r.trial = t.trial AND r.metric = @metric AND r.step =
              (SELECT max(step) FROM gencluster_reports n WHERE n.sweep = t.sweep AND n.trial = t.trial AND n.metric = @metric)
            LEFT JOIN gencluster_reports u ON u.sweep = t.sweep AND u.trial = t.trial AND u.metric = @metric AND u.step = 0
            WHERE t.sweep = @sweep AND t.proposed_at IS NOT NULL{which} ORDER BY t.trial LIMIT @most
            """,
            Trial,
            [("@sweep", sweep.Name), ("@metric", sweep.Metric), ("@most", most), .. values]);
    }

    private static TrialSummary Trial(DbDataReader r)
    {
        bool ended = !r.IsDBNull(12);
        return new TrialSummary(
            r.GetInt64(0), r.GetString(1), Json(r.GetString(2)), Finite(r.Real(ended ? 3 : 4)), Finite(r.Real(5)), r.Integer(ended ? 6 : 7),
            r.GetInt64(8), r.Text(9), r.Text(10), r.Text(11))
        {
            Until = r.Integer(13),
            WaitsAt = r.Integer(14),
            Parent = r.Integer(15),
            Replaces = r.Integer(16),
            Ruling = r.Text(17) is { } ruling ? Json(ruling) : null,
            DeviceSeconds = r.Real(18),
        };
    }

    private static SweepSummary Summary(DbDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt64(5), r.GetInt64(8), r.GetInt64(9), r.GetInt64(10),
        r.GetInt64(11), Finite(r.Real(12)), Time(r.GetInt64(6)), Time(r.Integer(7)));

    private static long? BestOf(IEnumerable<TrialSummary> trials, SweepSummary sweep)
    {
        var objective = new ObjectiveSpec(sweep.Metric, Enum.Parse<Goal>(sweep.Goal));
        TrialSummary? best = null;
        foreach (var trial in trials.Where(t => t is { State: nameof(TrialPhase.Succeeded), Objective: not null }))
        {
            if (best is null || objective.IsBetter(trial.Objective!.Value, best.Objective!.Value))
                best = trial;
        }

        return best?.Number;
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? Time(at) : null;

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
