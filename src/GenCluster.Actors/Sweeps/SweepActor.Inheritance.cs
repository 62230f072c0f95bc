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
    private EvidenceTaken? evidence; // until the weights that belong to it are pinned

    private string OwnHolder => $"sweep-{sweep}";

    private void AskForOrigin(TrialRecord trial) => Open(trial.Parent!.Value).Tell(new Local.Pin(NameOf(trial.Number), trial.ParentStep));

    private void Inherit(Local.Pinned pinned)
    {
        var origin = pinned.Manifest is { } manifest ? new TrialOrigin(pinned.Trial, manifest) : null;
        if (pinned.Holder == OwnHolder)
        {
            if (evidence is { } taken)
                Execute(new TakeEvidence(taken with { Origin = origin is null ? null : origin with { WeightsOnly = true } }), Follow);
            if (origin is null)
                AddNotice($"weights of {pinned.Trial} cannot be had, so trials begin anew: {pinned.Refusal}");
            return;
        }

        if (State.Trials.Values.FirstOrDefault(t => NameOf(t.Number) == pinned.Holder) is not { } heir)
            return;
        if (origin is null)
            AddNotice($"trial {heir.Number} begins anew: {pinned.Refusal}");
        Execute(new RecordOrigin(heir.Number, origin, pinned.Refusal), Follow);
    }

    /// <summary>Whether a trial's checkpoints are to be at hand for others.</summary>
    private bool IsNeeded(int number) => State.Live.Any(t => t.Parent == number && (t.AwaitsOrigin || t.HoldsParent));

    /// <summary>Gives the parent's checkpoint back; one that has failed may be begun again, and would need it.</summary>
    private void Wean(int number)
    {
        if (State.Trials.TryGetValue(number, out var trial) && trial is { HoldsParent: true, Parent: { } parent, Outcome: null or { Phase: not TrialPhase.Failed } })
            Open(parent).Tell(new Local.Release(NameOf(number)));
    }

    private void Forget(string holder)
    {
        if (State.Trials.Values.FirstOrDefault(t => t.HoldsParent && NameOf(t.Number) == holder) is { } heir)
            Execute(new WeanTrial(heir.Number), Follow);
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
            Execute(new TakeEvidence(given.Evidence), Follow);
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
