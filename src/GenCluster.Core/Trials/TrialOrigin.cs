using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using MessagePack;

namespace GenCluster.Core.Trials;

/// <summary>The checkpoint of another trial that a trial begins from. It is pinned there for as long as it is needed.</summary>
/// <param name="Trial">Whose checkpoint it is; its blobs lie in that trial's store.</param>
/// <param name="WeightsOnly">
/// True: the weights alone are taken, and training begins at step 0. False: the whole state, and training goes on after the
/// checkpoint's step.
/// </param>
[MessagePackObject]
public sealed record TrialOrigin(
    [property: Key(0)] TrialId Trial, [property: Key(1)] CheckpointManifest Manifest, [property: Key(2)] bool WeightsOnly = false);
