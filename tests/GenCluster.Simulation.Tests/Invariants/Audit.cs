using System.Globalization;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Coordination;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Simulation.Tests.Engine;
using GenCluster.Simulation.Tests.Training;

namespace GenCluster.Simulation.Tests.Invariants;

/// <summary>
/// Watches everything that is written, said and deleted, and holds it against the promises. It believes nothing but the
/// journal and what workers said.
/// </summary>
internal sealed class Audit(Simulation simulation)
{
    private readonly Dictionary<TrialId, TrialAudit> trials = [];
    private readonly Dictionary<(string Worker, Lease Lease), RunOutcome> ends = []; // as a coordinator heard them
    private readonly HashSet<string> registered = [];
    private readonly Dictionary<int, TrialProposed> proposed = [];
    private readonly Dictionary<int, TrialOutcome> recorded = [];
    private readonly HashSet<SweepPhase> phases = [SweepPhase.Running, SweepPhase.Halted]; // that the sweep has had
    private long epoch;

    public SweepSpec? Spec { get; private set; }

    public SweepEnded? End { get; private set; }

    /// <summary>What the journal says of each trial that has ended.</summary>
    public IReadOnlyDictionary<int, TrialOutcome> Outcomes => recorded;

    public IReadOnlyDictionary<int, TrialProposed> Proposals => proposed;

    /// <summary>The epoch of a trial's newest lease, by the journal.</summary>
    public long EpochOf(TrialId trial) => Of(trial).State.Epoch;

    /// <summary>What the journal says now of each trial.</summary>
    public IEnumerable<TrialState> Trials => trials.Values.Select(trial => trial.State);

    public void Committed(string persistenceId, long sequenceNr, object @event)
    {
        switch (@event)
        {
            case CoordinatorStarted e:
                Check(e.Epoch == epoch + 1, $"a coordinator of epoch {e.Epoch} follows one of {epoch}");
                epoch = e.Epoch;
                break;
            case SweepRegistered e:
                Check(registered.Add(e.Sweep.Value), $"{e.Sweep} is registered twice");
                break;
            case ISweepEvent e:
                if (e is SweepControlled { Phase: var phase })
                    phases.Add(phase);
                Committed(e);
                break;
            case ITrialEvent e:
                int number = int.Parse(persistenceId[(persistenceId.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
                Of(new TrialId(simulation.Scenario.Sweep, number)).Committed(e);
                break;
        }

        Check(sequenceNr > 0, "a row without a number");
    }

    /// <summary>A node says something to another; it may get lost on the way.</summary>
    public void Sent(Node from, Node to, IWire message)
    {
        switch (message)
        {
            case FromWorker.EvaluationReported m:
                Of(m.Lease.Trial).SaidReports.Add((m.Lease.Epoch, m.Report.Step));
                break;
            case FromWorker.CheckpointStored m:
                Of(m.Lease.Trial).SaidCheckpoints.Add((m.Lease.Epoch, m.Manifest.Step));
                break;
            case FromWorker.RunEnded m:
                Of(m.Lease.Trial).SaidEnds.Add((m.Lease.Epoch, m.Outcome));
                break;
            case ToWorker.Welcome m:
                Check(m.Epoch <= epoch, $"{from} welcomes {to} under epoch {m.Epoch}, which is not in the journal");
                break;
            case ToWorker.RunTrial m:
                Of(m.Order.Lease.Trial).CheckOrder(m.Order);
                break;
            case ToWorker.ReportAccepted m:
                Check(Of(m.Lease.Trial).State.Reports.ContainsKey(m.Step), $"{from} acknowledges the report of step {m.Step} of {m.Lease}, which is not in the journal");
                break;
            case ToWorker.CheckpointAccepted m:
                // The answer says which checkpoints count; one that came behind the fence is answered, and is not among them.
                Check(
                    m.Kept.All(kept => Of(m.Lease.Trial).HasCheckpoint(kept.Step)),
                    $"{from} acknowledges checkpoints of {m.Lease}, of which one is not in the journal");
                break;
            case ToWorker.OutcomeAccepted m when ends.TryGetValue((to.Name, m.Lease), out var outcome):
                Of(m.Lease.Trial).CheckEnd(m.Lease, outcome, from);
                break;
        }
    }

    /// <summary>A message arrives.</summary>
    public void Delivered(Node from, Node to, IWire message)
    {
        if (message is FromWorker.RunEnded m && to.Name.StartsWith('c') && m.Member == 0)
            ends[(from.Name, m.Lease)] = m.Outcome;
    }

    /// <summary>A face is told that its sweep is accepted.</summary>
    public void Submitted(SweepId sweep) =>
        Check(registered.Contains(sweep.Value) && Spec is not null, $"{sweep} is accepted, and is not in the journal");

    /// <summary>A face is shown a sweep.</summary>
    public void Shown(SweepView view)
    {
        Check(phases.Contains(view.Phase) || End?.Phase == view.Phase, $"the sweep is shown as {view.Phase}, and in the journal it is not");
        foreach (var trial in view.Trials.Where(t => t.Phase is not (TrialPhase.Pending or TrialPhase.Running or TrialPhase.Paused)))
        {
            Check(
                Of(new TrialId(simulation.Scenario.Sweep, trial.Number)).State.Outcome?.Phase == trial.Phase,
                $"trial {trial.Number} is shown as {trial.Phase}, and in the journal it is not");
        }
    }

    /// <summary>Blobs were removed.</summary>
    public void BlobsChanged(TrialId trial, string by) => Of(trial).CheckBlobs($"{by} removed blobs");

    public void Check(bool holds, string violation)
    {
        if (!holds)
            simulation.Violate(violation);
    }

    private TrialAudit Of(TrialId trial) => trials.TryGetValue(trial, out var known) ? known : trials[trial] = new TrialAudit(trial, simulation, this);

    private void Committed(ISweepEvent @event)
    {
        Check(End is null || @event is TrialEnded, $"{@event} after the end of the sweep");
        switch (@event)
        {
            case SweepSubmitted e:
                Check(Spec is null && e.Spec == simulation.Scenario.Spec, "the sweep is submitted twice, or another one");
                Spec = e.Spec;
                break;
            case TrialProposed e:
                Check(e.Number == proposed.Count + 1, $"trial {e.Number} is proposed after {proposed.Count}");
                proposed[e.Number] = e;
                break;
            case TrialEnded e:
                var own = Of(new TrialId(simulation.Scenario.Sweep, e.Number)).State.Outcome;
                Check(recorded.TryAdd(e.Number, e.Outcome), $"trial {e.Number} has two results");
                Check(own == e.Outcome, $"the sweep says of trial {e.Number} {e.Outcome}, its own journal {own}");
                break;
            case SweepEnded e:
                Check(recorded.Count == Spec!.Search.MaxTrials, $"the sweep ends with {recorded.Count} of {Spec.Search.MaxTrials} trials");
                End = e;
                break;
            case SweepHalted e:
                Check(false, $"the sweep is halted, though no machine failed: {e.Reason}");
                break;
        }
    }
}
