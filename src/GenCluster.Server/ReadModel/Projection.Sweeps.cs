using System.Collections.Immutable;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Server.ReadModel;

public static partial class Projection
{
    private static ImmutableArray<RowChange> Of(ISweepEvent @event, string sweep, long ordering, long at)
    {
        return @event switch
        {
            SweepSubmitted e => [Specified(e.Spec, sweep, 1, ("submitted_at", at), ("phase", nameof(SweepPhase.Running))), History("submitted", By(e.By))],
            SweepEdited e => [Specified(e.Spec, sweep, e.Version), History("edited", $"version {e.Version} by {e.By}")],
            TrialProposed e => [Proposed(e.Number, e.Assignment, e.Until)],
            SearchExhausted => [History("exhausted", "the search has nothing more to propose")],
            TrialJudged e => [Trial(e.Number, ("ruling", RowJson.Of(e.Ruling)))],
            TrialMoved e => Of(e),
            TrialInherited e => [Trial(e.Number, ("parent", e.Origin is { } origin ? (long)origin.Trial.Number : null))],
            TrialReported or TrialArrived or TrialWeaned => [], // the trial's own journal says it
            EvidenceTaken e => [History("evidence", $"{e.Assignments.Length} trials of another sweep{(e.Origin is { } o ? $", and the weights of {o.Trial}" : "")}")],
            TrialEnded e => [Ended(sweep, e.Number, e.Outcome, at)],
            TargetReached e => [Sweep(("phase", nameof(SweepPhase.Stopping)), ("end_reason", e.Message)), History("reached", e.Message)],
            SweepControlled { Trial: { } trial } e => [Sweep(Control(e)), History($"{e.Verb}".ToLowerInvariant(), $"trial {trial} by {e.By}")],
            SweepControlled e => [Sweep(Control(e)), History($"{e.Verb}".ToLowerInvariant(), $"by {e.By}")],
            SweepHalted e => [Sweep(("halt_reason", e.Reason)), History("halted", e.Reason)],
            SweepResumed e => [Sweep(("halt_reason", null)), History("resumed", By(e.By))],
            SweepEnded e =>
            [
                Sweep([("phase", $"{e.Phase}"), ("halt_reason", null), ("ended_at", at), .. e.Reason.Length > 0 ? ((string, object?)[])[("end_reason", e.Reason)] : []]),
                History("ended", e.Reason.Length > 0 ? $"{e.Phase}: {e.Reason}" : $"{e.Phase}"),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "an event without a rule"),
        };

        ImmutableArray<RowChange> Of(TrialMoved moved) => moved.Move switch
        {
            Move.Resume => [], // the trial's own journal says to where, if it is not the end
            Move.Prune m => [Trial(m.Trial, ("ruling", RowJson.Of(m.Ruling)))],
            Move.Replace m =>
            [
                Trial(m.Trial, ("ruling", RowJson.Of(m.Ruling))),
                Proposed(moved.Successor!.Value, m.Assignment, null, ("parent", (long)m.Parent), ("replaces", (long)m.Trial)),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(moved), moved, "a move without a rule"),
        };

        RowChange Proposed(int number, Assignment assignment, int? until, params ReadOnlySpan<(string, object?)> set) => Trial(number,
        [
            ("proposed_at", at), ("phase", nameof(TrialPhase.Pending)), ("assignment", RowJson.Of(assignment)), ("epoch", 0L),
            ("until", (long?)until), .. set,
        ]);

        RowChange Trial(int number, params ReadOnlySpan<(string, object?)> set) => new(ReadTables.Trials, [sweep, (long)number], [.. set]);

        RowChange Sweep(params ReadOnlySpan<(string, object?)> set) => new(ReadTables.Sweeps, [sweep], [.. set]);

        static string? By(string who) => who.Length == 0 ? null : $"by {who}";

        RowChange History(string what, string? message = null) =>
            new(ReadTables.SweepHistory, [sweep, ordering], [("at", at), ("what", what), ("message", message)]);
    }

    /// <summary>A sweep that goes on after its end has not ended; its trials say the same of themselves.</summary>
    private static (string, object?)[] Control(SweepControlled @event) => @event.Verb switch
    {
        Verb.Stop when @event.Trial is null => [("phase", $"{@event.Phase}"), ("end_reason", $"stopped by {@event.By}")],
        Verb.Retry => [("phase", $"{@event.Phase}"), ("ended_at", null), .. @event.Phase is SweepPhase.Stopping ? ((string, object?)[])[] : [("end_reason", null)]],
        _ => [("phase", $"{@event.Phase}")],
    };

    private static RowChange Specified(SweepSpec spec, string sweep, int version, params ReadOnlySpan<(string, object?)> set) => new(ReadTables.Sweeps, [sweep],
    [
        .. set, ("model", spec.Trainable.Model), ("dataset", spec.Data.Dataset),
        ("algorithm", spec.Search.Algorithm), ("metric", spec.Objective.Metric), ("goal", $"{spec.Objective.Goal}"),
        ("steps", (long)spec.Training.Steps), ("max_trials", (long)spec.Search.MaxTrials), ("searched", RowJson.Of(spec.Parameters)), ("version", (long)version),
    ]);
}
