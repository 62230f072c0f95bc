using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;

namespace GenCluster.Simulation.Tests.Training;

/// <summary>What a leader does besides training: it reports, stores checkpoints and clears away what no checkpoint needs, by the real rules.</summary>
internal sealed class LeaderDuties
{
    private readonly SimulatedRun run;
    private readonly Simulation simulation;
    private readonly ITrialObserver observer;
    private readonly RunControl control;
    private readonly TrialOrder order;
    private int checkpointedAt;

    public LeaderDuties(SimulatedRun run, Simulation simulation, ITrialObserver observer, RunControl control)
    {
        (this.run, this.simulation, this.observer, this.control, order) = (run, simulation, observer, control, run.Order);
        checkpointedAt = order.Checkpoints.Any(m => m.Step == run.State.Step) ? run.State.Step : 0;
        run.Book = run.Book.Lead(order.Lease.Epoch, order.Checkpoints);
    }

    public void Begin()
    {
        RemoveOld();
        foreach (var report in run.State.Reports.Values.Where(report => order.Reported?.Contains(report.Step) is not true))
            observer.Evaluated(report, null);
    }

    public void AfterStep()
    {
        int every = order.Definition.Training.CheckpointEvery;
        if (every > 0 && run.State.Step % every == 0)
            Checkpoint();
    }

    public void Checkpoint()
    {
        if (checkpointedAt == run.State.Step)
            return;
        var manifest = Learning.Manifest(run.State, order.Lease.Epoch);
        simulation.Blobs.Put(order.Lease.Trial, manifest, run.State);
        run.Book = run.Book.Store(manifest);
        checkpointedAt = run.State.Step;
        observer.Checkpointed(manifest);
        RemoveOld();
    }

    private void RemoveOld()
    {
        if (control.TakeKept() is { } answer)
            run.Book = run.Book.Hear(answer.Epoch, answer.Committed, answer.Kept);
        simulation.Blobs.Collect(order.Lease.Trial, CollectorView.OfLeader(order.Lease.Epoch, run.Book));
        simulation.Audit.BlobsChanged(order.Lease.Trial, $"{run.Node}");
    }
}
