using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Simulation.Tests.Training;

/// <summary>The blobs of all checkpoints, where every worker finds them. It outlives every node.</summary>
internal sealed class BlobStore
{
    private readonly Dictionary<TrialId, Dictionary<BlobKey, ModelState>> blobs = [];

    public void Put(TrialId trial, CheckpointManifest manifest, ModelState state) => Of(trial)[manifest.Blobs[0].Key] = state;

    public ModelState? Find(TrialId trial, CheckpointManifest manifest) => Of(trial).GetValueOrDefault(manifest.Blobs[0].Key);

    public void Collect(TrialId trial, CollectorView view)
    {
        foreach (var blob in Of(trial).Keys.Where(view.IsGarbage).ToArray())
            Of(trial).Remove(blob);
    }

    private Dictionary<BlobKey, ModelState> Of(TrialId trial) => blobs.TryGetValue(trial, out var known) ? known : blobs[trial] = [];
}
