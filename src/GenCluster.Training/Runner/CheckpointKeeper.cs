using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Metering;

namespace GenCluster.Training.Runner;

/// <summary>
/// Writes a run's checkpoints and clears away what no checkpoint needs any more. It lives as long as the run: what was
/// stored under one order may be committed under the next.
/// </summary>
internal sealed class CheckpointKeeper(string numerics, ITrialObserver observer, RunControl control, TrainingMeters meters)
{
    private CheckpointBook book = CheckpointBook.Empty;
    private ICheckpointStore? store;
    private long epoch;

    private ICheckpointStore Store => store ?? throw new InvalidOperationException("only the leader of a gang writes checkpoints");

    /// <summary>This member leads from now on, under the order's lease.</summary>
    public void Lead(TrialOrder order, ICheckpointStore into)
    {
        (store, epoch) = (into, order.Lease.Epoch);
        book = book.Lead(epoch, order.Checkpoints);
    }

    public CheckpointManifest Save(TrainingState state)
    {
        var manifest = meters.Stores(() => TrainingCheckpoint.Save(state, Store, numerics));
        book = book.Store(manifest);
        return manifest;
    }

    /// <summary>What cannot be removed now is no reason to stop: a later time will find it.</summary>
    public void RemoveOld()
    {
        if (control.TakeKept() is { } answer)
            book = book.Hear(answer.Epoch, answer.Committed, answer.Kept);
        try
        {
            CheckpointCollector.Collect(Store, CollectorView.OfLeader(epoch, book));
        }
        catch (IOException e)
        {
            observer.Warned($"old checkpoints could not be removed: {e.Message}");
        }
    }
}
