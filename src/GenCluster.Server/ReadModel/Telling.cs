using System.Text.Json;
using GenCluster.Actors.Serialization;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Server.ReadModel;

/// <summary>What an event of the journal says to those who follow a sweep: a pure function of the journal's row.</summary>
internal static class Telling
{
    /// <summary>The event, or null when it is none of the sweep's own or of its trials.</summary>
    public static SweepEvent? Of(JournalEntry entry, string sweep)
    {
        long? trial;
        switch (entry.Owner)
        {
            case JournalOwner.OfSweep o when o.Sweep.Value == sweep:
                trial = null;
                break;
            case JournalOwner.OfTrial o when o.Trial.Sweep.Value == sweep:
                trial = o.Trial.Number;
                break;
            default:
                return null; // of a sweep whose name begins with this one's
        }

        object @event = entry.Read();
        var told = new SweepEvent(entry.Ordering, DateTimeOffset.FromUnixTimeMilliseconds(entry.CreatedAt), KindOf(@event), trial);
        return @event switch
        {
            ISweepEvent e => Of(e, told),
            ITrialEvent e => Of(e, told),
            _ => told,
        };
    }

    private static SweepEvent Of(ISweepEvent @event, SweepEvent told) => @event switch
    {
        SweepSubmitted e => told with { State = nameof(SweepPhase.Running), Message = By(e.By) },
        SweepEdited e => told with { Message = $"version {e.Version} by {e.By}" },
        SweepControlled { Trial: { } trial } e => told with { Trial = trial, Message = $"{WordOf(e.Verb)} by {e.By}" },
        SweepControlled e => told with { State = $"{e.Phase}", Message = $"{WordOf(e.Verb)} by {e.By}" },
        EvidenceTaken e => told with { Message = $"{e.Assignments.Length} trials of another sweep" },
        SearchExhausted => told with { Message = "the search has nothing more to propose" },
        TargetReached e => told with { State = nameof(SweepPhase.Stopping), Message = e.Message },
        SweepHalted e => told with { State = nameof(SweepPhase.Halted), Message = e.Reason },
        SweepResumed e => told with { State = $"{e.Phase ?? SweepPhase.Running}", Message = By(e.By) },
        SweepEnded e => told with { State = $"{e.Phase}", Message = NoneIfEmpty(e.Reason) },
        TrialProposed e => Proposed(e.Number, e.Assignment, told),
        TrialReported e => told with { Trial = e.Number, Step = e.Report.Step },
        TrialJudged e => told with { Trial = e.Number, Step = e.Ruling.Step, Message = e.Ruling.Reason },
        TrialArrived e => told with { Trial = e.Number, Step = e.Step },
        TrialMoved { Move: Move.Resume m } => told with { Trial = m.Trial, Message = $"trains on to step {m.Until}" },
        TrialMoved { Move: Move.Prune m } => told with { Trial = m.Trial, Step = m.Ruling.Step, Message = m.Ruling.Reason },
        TrialMoved { Move: Move.Replace m, Successor: { } successor } => Proposed(successor, m.Assignment, told) with
        {
            Message = $"in place of trial {m.Trial}, from trial {m.Parent} at step {m.ParentStep}: {m.Ruling.Reason}",
        },
        TrialInherited e => told with { Trial = e.Number, Message = NoneIfEmpty(e.Message) },
        TrialWeaned e => told with { Trial = e.Number },
        TrialEnded e => Ended(e.Outcome, told with { Trial = e.Number }),
        _ => told,
    };

    private static SweepEvent Of(ITrialEvent @event, SweepEvent told) => @event switch
    {
        LeaseGranted e => told with { State = nameof(TrialPhase.Running), Workers = [.. e.Members.Select(m => m.Value)] },
        GangChanged e => told with { Message = e.Message, Step = e.Step, Workers = [.. e.Members.Select(m => m.Value)] },
        LeaseEnded e => told with { State = nameof(TrialPhase.Pending), Message = e.Message, Workers = [] },
        MetricsReported e => told with { Step = e.Report.Step, Metrics = e.Report.Metrics.ToDictionary(m => m.Name, m => Finite(m.Value)) },
        CheckpointCommitted e => told with { Step = e.Manifest.Step },
        TrialPaused e => told with { State = nameof(TrialPhase.Paused), Step = e.Step, Workers = [] },
        TrialContinued or TrialReopened => told with { State = nameof(TrialPhase.Pending) },
        TrialStopping e => told with { Message = e.Reason },
        TrialConcluded e => Ended(e.Outcome, told),
        _ => told,
    };

    private static SweepEvent Proposed(int number, Assignment assignment, SweepEvent told) =>
        told with { Trial = number, State = nameof(TrialPhase.Pending), Parameters = Json(RowJson.Of(assignment)) };

    private static string WordOf(Verb verb) => verb.ToString().ToLowerInvariant();

    private static string? By(string who) => who.Length == 0 ? null : $"by {who}";

    private static string? NoneIfEmpty(string text) => text.Length == 0 ? null : text;

    private static SweepEvent Ended(TrialOutcome outcome, SweepEvent told) => told with
    {
        State = $"{outcome.Phase}",
        Message = NoneIfEmpty(outcome.Message),
        Step = outcome.Steps,
        Objective = Finite(outcome.Objective),
        Workers = [],
    };

    private static string KindOf(object @event) => Manifests.Find(@event.GetType())!.Split('/')[0];

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
