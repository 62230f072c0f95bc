using GenCluster.Core.Identity;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Simulation.Tests.Engine;
using GenCluster.Simulation.Tests.Training;

namespace GenCluster.Simulation.Tests.Invariants;

/// <summary>One trial's journal, held against what its workers said and what its definition gives.</summary>
internal sealed class TrialAudit(TrialId trial, Simulation simulation, Audit audit)
{
    private readonly HashSet<(long Epoch, int Step)> checkpoints = [];
    private int losses;

    /// <summary>What workers said under which lease.</summary>
    public HashSet<(long Epoch, int Step)> SaidReports { get; } = [];

    public HashSet<(long Epoch, int Step)> SaidCheckpoints { get; } = [];

    public HashSet<(long Epoch, RunOutcome Outcome)> SaidEnds { get; } = [];

    /// <summary>The fold of its journal.</summary>
    public TrialState State { get; private set; } = TrialState.New(trial);

    private bool IsRunning => State.Phase is TrialPhase.Running;

    /// <summary>Whether the checkpoint of this step, or one after it of the same attempt, is in the journal.</summary>
    public bool HasCheckpoint(int step) => State.CommittedStep >= step || checkpoints.Any(c => c.Step == step);

    public void Committed(ITrialEvent @event)
    {
        Check(State.Outcome is null, $"{@event} after the trial's end");
        switch (@event)
        {
            case TrialCreated:
                Check(State.Definition is null, "it is created twice");
                break;
            case LeaseGranted e:
                Check(!IsRunning, "a lease is granted while another is in force");
                CheckGang(e.Epoch, e.Members);
                break;
            case GangChanged e:
                Check(IsRunning, "a gang changes that has no lease");
                CheckGang(e.Epoch, e.Members);
                losses += e.Cause is FailureClass.Lost ? 1 : 0;
                break;
            case LeaseEnded e:
                CheckEpoch(e.Epoch, "the end of a lease");
                losses += e.Cause is FailureClass.Lost ? 1 : 0;
                break;
            case MetricsReported e:
                CheckReport(e);
                break;
            case CheckpointCommitted e:
                CheckEpoch(e.Epoch, $"the checkpoint of step {e.Manifest.Step}");
                Check(SaidCheckpoints.Contains((e.Epoch, e.Manifest.Step)), $"nobody stored the checkpoint of step {e.Manifest.Step} under epoch {e.Epoch}");
                Check(checkpoints.Add((e.Epoch, e.Manifest.Step)), $"the checkpoint of step {e.Manifest.Step} is committed twice under one lease");
                break;
            case TrialConcluded e:
                CheckEpoch(e.Epoch, "the outcome");
                CheckOutcome(e.Outcome);
                break;
        }

        State = TrialDecider.Apply(State, @event);
        CheckBlobs($"{@event.GetType().Name} is written");
    }

    /// <summary>Nobody is told of a lease before it is written.</summary>
    public void CheckOrder(TrialOrder order)
    {
        Check(order.Lease.Epoch <= State.Epoch, $"an order speaks of the lease {order.Lease}, which is not in the journal");
        Check(
            order.Lease.Epoch < State.Epoch || !IsRunning || order.Members.Select(m => m.Worker).SequenceEqual(State.Gang),
            $"an order names another gang of {order.Lease} than the journal");
    }

    /// <summary>The leader's end of a run is acknowledged: what it means has to be written.</summary>
    public void CheckEnd(Lease lease, RunOutcome outcome, Node by) => Check(
        State.Outcome is not null || (outcome is not RunOutcome.Completed && (State.Epoch > lease.Epoch || !IsRunning)),
        $"{by} acknowledges that {lease} ended, {outcome.GetType().Name}, and the journal does not know it");

    /// <summary>A trial that may still need its checkpoints has them.</summary>
    public void CheckBlobs(string when)
    {
        if (State.Outcome is null && State.Live.FirstOrDefault(m => simulation.Blobs.Find(trial, m) is null) is { } gone)
            Check(false, $"{when}, and the blobs of the checkpoint of step {gone.Step} are gone, which the journal keeps");
    }

    private void CheckGang(long epoch, WorkerId[] members)
    {
        Check(epoch == State.Epoch + 1, $"epoch {epoch} follows {State.Epoch}");
        Check(members.Length > 0 && members.Distinct().Count() == members.Length, $"a gang of {string.Join(",", members)}");
        Check(members.Length <= State.Definition!.Resources.MaxWorkers, $"a gang of {members.Length}; allowed are {State.Definition.Resources.MaxWorkers}");
    }

    private void CheckReport(MetricsReported reported)
    {
        int step = reported.Report.Step;
        CheckEpoch(reported.Epoch, $"the report of step {step}");
        Check(!State.Reports.ContainsKey(step), $"step {step} is reported twice");
        Check(SaidReports.Contains((reported.Epoch, step)), $"nobody reported step {step} under epoch {reported.Epoch}");
        Check(Undisturbed(step) == reported.Report, $"the report of step {step} is not that of an undisturbed run");
    }

    private void CheckOutcome(TrialOutcome outcome)
    {
        var expected = Learning.Outcome(State.Definition!);
        switch (outcome)
        {
            case { Phase: TrialPhase.Succeeded }:
                Check(outcome with { DeviceSeconds = 0 } == expected, $"it ends as {outcome}; undisturbed it ends as {expected}");
                Check(SaidEnds.Any(s => s.Epoch == State.Epoch && s.Outcome is RunOutcome.Completed), "nobody completed it under this lease");
                break;
            case { Phase: TrialPhase.Failed, Failure: FailureClass.NonFinite }:
                Check(expected.Failure is FailureClass.NonFinite, "it fails, though its loss never becomes NaN");
                break;
            case { Phase: TrialPhase.Failed, Failure: FailureClass.Lost }:
                Check(losses + 1 >= FailureBudget.LossesUntilPoison, $"it fails after {losses + 1} losses of workers; allowed are {FailureBudget.LossesUntilPoison - 1}");
                simulation.Poisoned++;
                break;
            default:
                Check(false, $"it ends as {outcome}, for which there was no reason");
                break;
        }
    }

    private MetricReport Undisturbed(int step)
    {
        var state = Learning.Start(State.Definition!);
        while (state.Step < step)
            state = Learning.Train(state);
        return Learning.Evaluate(State.Definition!, state);
    }

    private void CheckEpoch(long epoch, string what) =>
        Check(IsRunning && epoch == State.Epoch, $"{what} carries epoch {epoch}; the trial is {State.Phase} at epoch {State.Epoch}");

    private void Check(bool holds, string violation)
    {
        if (!holds)
            audit.Check(false, $"trial {trial}: {violation}");
    }
}
