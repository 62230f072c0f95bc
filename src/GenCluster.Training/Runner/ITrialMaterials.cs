using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using static TorchSharp.torch;

namespace GenCluster.Training.Runner;

/// <summary>The images of a trial; no image is in both parts.</summary>
public sealed record TrialImages(ITrainingData Training, ITrainingData HeldOut);

/// <summary>Where a run gets what it is made of. <see cref="TrialMaterials"/> is the real one.</summary>
public interface ITrialMaterials
{
    TrialImages OpenImages(DataSpec data, CancellationToken cancellation);

    /// <summary>Makes the model with its initial weights, which come from libtorch's generator; the caller has seeded it.</summary>
    GenerativeModel CreateModel(TrialDefinition definition, TrialImages images);

    IEvaluator CreateEvaluator(TrialDefinition definition, TrialImages images, Device device);

    ITrialArtifacts OpenArtifacts(string folder);

    /// <param name="folder">Where checkpoints go when the operator chose no other place.</param>
    /// <param name="lease">Whoever puts under it puts into a space of its own.</param>
    ICheckpointStore OpenCheckpoints(string folder, Lease lease, CancellationToken cancellation);
}
