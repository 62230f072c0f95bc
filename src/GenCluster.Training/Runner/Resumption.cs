using GenCluster.Core.Checkpoints;
using GenCluster.Training.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Metering;

namespace GenCluster.Training.Runner;

/// <summary>Finds the newest checkpoint that is whole.</summary>
internal static class Resumption
{
    /// <summary>Loads it into the state.</summary>
    /// <param name="checkpoints">The newest first.</param>
    /// <param name="warn">Hears of each one that is not whole, and what is used in its place.</param>
    /// <returns>The one that was loaded; null when training starts from the beginning.</returns>
    public static CheckpointManifest? Load(
        TrainingState state, ICheckpointStore store, IReadOnlyList<CheckpointManifest> checkpoints, string numerics, Action<string> warn, TrainingMeters meters)
    {
        foreach (var (i, manifest) in checkpoints.Index())
        {
            try
            {
                meters.Loads(() => TrainingCheckpoint.Load(state, store, manifest, numerics));
                return manifest;
            }
            catch (CorruptBlobException e)
            {
                string next = i + 1 < checkpoints.Count ? $"using the one of step {checkpoints[i + 1].Step} instead" : "starting from the beginning";
                warn($"the checkpoint of step {manifest.Step} is damaged, {next}: {e.Message}");
            }
        }

        return null;
    }
}
