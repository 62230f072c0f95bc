using GenCluster.Core.Checkpoints;
using GenCluster.Core.Training;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>
/// Writes a run's checkpoints and removes old ones: those stay that the journal holds, and the last few that it may not
/// have heard of yet.
/// </summary>
/// <param name="journalled">The whole ones that the run was started with, the newest first.</param>
internal sealed class CheckpointKeeper(ICheckpointStore store, string numerics, IReadOnlyList<CheckpointManifest> journalled, RunControl control)
{
    private const int KeptOfOwn = 3;

    private readonly List<CheckpointManifest> own = [];
    private IReadOnlyList<CheckpointManifest> journalled = journalled;

    public CheckpointManifest Save(TrainingState state)
    {
        var manifest = TrainingCheckpoint.Save(state, store, numerics);
        own.Add(manifest);
        return manifest;
    }

    /// <summary>Also removes a damaged one, which would otherwise be taken for its equal when the run comes to that step again.</summary>
    public void RemoveOld()
    {
        journalled = control.TakeKept() ?? journalled;
        if (own.Count > KeptOfOwn)
            own.RemoveRange(0, own.Count - KeptOfOwn);
        store.Retain([.. journalled, .. own]);
    }
}
