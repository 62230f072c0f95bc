using GenCluster.Core.Checkpoints;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Runner;

/// <summary>
/// Writes a run's checkpoints and removes old ones. A new one counts only when the journal has it, which this side
/// never hears of, so those the run was started with stay, and of its own the last few.
/// </summary>
/// <param name="known">The whole ones that the run was started with, the newest first.</param>
internal sealed class CheckpointKeeper(ICheckpointStore store, string numerics, IReadOnlyList<CheckpointManifest> known)
{
    private const int KeptOfKnown = 2;
    private const int KeptOfOwn = 3;

    private readonly List<CheckpointManifest> own = [];

    public CheckpointManifest Save(TrainingState state)
    {
        var manifest = TrainingCheckpoint.Save(state, store, numerics);
        own.Add(manifest);
        return manifest;
    }

    /// <summary>Also removes a damaged one, which would otherwise be taken for its equal when the run comes to that step again.</summary>
    public void RemoveOld() => store.Retain([.. known.Take(KeptOfKnown), .. own.TakeLast(KeptOfOwn)]);
}
