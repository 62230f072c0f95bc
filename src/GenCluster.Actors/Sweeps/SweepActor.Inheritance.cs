using System.Globalization;
using Akka.Actor;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Sweeps;

/// <summary>
/// What trials begin from: a checkpoint of another trial, which is pinned before it is written down that they have it, and
/// released when they have one of their own; and what another sweep has learned.
/// </summary>
internal sealed partial class SweepActor
{
    private bool asked; // the other sweep, for its evidence
    private bool released; // the weights that came with it
    private EvidenceTaken? evidence; // until the weights that belong to it are pinned

    private string OwnHolder => $"sweep-{sweep}";

    private void AskForOrigin(TrialRecord trial) => TellOpen(trial.Parent!.Value, new Local.Pin(NameOf(trial.Number), trial.ParentStep), Self);

    private void Inherit(Local.Pinned pinned)
    {
        var origin = pinned.Manifest is { } manifest ? new TrialOrigin(pinned.Trial, manifest) : null;
        if (pinned.Holder == OwnHolder)
        {
            if (evidence is { } taken)
                Do(new TakeEvidence(taken with { Origin = origin is null ? null : origin with { WeightsOnly = true } }));
            if (origin is null)
                AddNotice($"weights of {pinned.Trial} cannot be had, so trials begin anew: {pinned.Refusal}");
            return;
        }

        if (HolderOf(pinned.Holder) is not { } heir)
            return;
        if (origin is null)
            AddNotice($"trial {heir.Number} begins anew: {pinned.Refusal}");
        Do(new RecordOrigin(heir.Number, origin, pinned.Refusal));
    }

    /// <summary>Whether a trial's checkpoints are to be at hand for others.</summary>
    private bool IsNeeded(int number) => State.Live.Any(t => t.Parent == number && (t.AwaitsOrigin || t.HoldsParent));

    /// <summary>Gives the parent's checkpoint back; one that has failed may be begun again, and would need it.</summary>
    private void Wean(int number)
    {
        if (State.Trials.TryGetValue(number, out var trial) && trial is { HoldsParent: true, Parent: { } parent, Outcome: null or { Phase: not TrialPhase.Failed } })
            TellOpen(parent, new Local.Release(NameOf(number)), Self);
    }

    /// <summary>The trial that a pin of this name is for; null when it is for none.</summary>
    private TrialRecord? HolderOf(string name) =>
        name.StartsWith(NameOfTrials, StringComparison.Ordinal) && int.TryParse(name.AsSpan(NameOfTrials.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? State.Trials.GetValueOrDefault(number)
            : null;

    private void Forget(string holder)
    {
        if (HolderOf(holder) is { } heir)
            Do(new WeanTrial(heir.Number));
    }

    /// <summary>Gives the other sweep's checkpoint back when no trial can begin from it any more. Said again after a start: nobody writes down that it was.</summary>
    private void GiveEvidenceBack()
    {
        bool isOver = State.HasEnded && (State.Failed == 0 || State.Phase is SweepPhase.Cancelled);
        if (isOver && !released && State.Evidence?.Origin is { } origin)
            coordinator.Tell(new Local.ToTrial(origin.Trial, new Local.Release(OwnHolder)));
        released = isOver;
    }

    private void AskForEvidence()
    {
        if (asked || State.HasEnded || State.Evidence is not null || State.Spec!.WarmStart is not { } start)
            return;
        asked = true;
        coordinator.Tell(new Local.AskEvidence(new SweepId(start.Sweep), State.Spec));
    }

    private void Take(Local.EvidenceGiven given)
    {
        if (given.Best is { } best && State.Spec!.WarmStart is { Weights: true })
        {
            evidence = given.Evidence;
            coordinator.Tell(new Local.ToTrial(best, new Local.Pin(OwnHolder, null)));
        }
        else
        {
            Do(new TakeEvidence(given.Evidence));
        }
    }

    /// <summary>Tells another sweep what its best trials were, as far as they make sense there.</summary>
    private void Tell(Local.AskEvidence ask)
    {
        if (!State.Exists)
        {
            Sender.Tell(new Local.EvidenceGiven(new EvidenceTaken([], []), null)); // registered, and never submitted
            return;
        }

        ObjectiveSpec[] objectives = [ask.For.Objective, .. ask.For.Comparison.Others];
        var known = State.Trials.Values
            .Select(t => (t.Number, Assignment: Within(ask.For.Parameters, t.Assignment), Values: Array.ConvertAll(objectives, o => ValueOf(t, o.Metric))))
            .Where(t => t.Values.All(double.IsFinite) && ask.For.Parameters.Contains(t.Assignment))
            .OrderBy(t => t.Values[0] * (objectives[0].Goal is Goal.Minimize ? 1 : -1)).ThenBy(t => t.Number)
            .Take(ask.For.WarmStart!.Top).ToArray();
        var best = new TrialOrdering(State.Spec!).Best(State.Trials.Values);
        Sender.Tell(new Local.EvidenceGiven(
            new EvidenceTaken([.. known.Select(t => t.Assignment)], [.. known.Select(t => t.Values)]),
            best.Count > 0 ? new TrialId(sweep, best[0].Number) : null));
    }

    private static Assignment Within(ParameterSpace space, Assignment assignment) =>
        new([.. assignment.Settings.Where(s => Array.Exists(space.Parameters, p => p.Path == s.Path))]);

    private double ValueOf(TrialRecord trial, string metric) =>
        trial.Outcome is { Phase: TrialPhase.Succeeded } outcome
            ? outcome.Find(metric) ?? (metric == State.Spec!.Objective.Metric ? outcome.Objective : null) ?? double.NaN
            : double.NaN;
}
