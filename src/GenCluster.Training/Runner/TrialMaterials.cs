using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Artifacts;
using GenCluster.Checkpoints;
using GenCluster.Training.Data;
using GenCluster.Training.Evaluation;
using GenCluster.Training.Models;
using static TorchSharp.torch;

namespace GenCluster.Training.Runner;

/// <summary>Data sets by name, models of the zoo, the sliced Wasserstein distance, and files in the trial's folder.</summary>
/// <param name="checkpoints">Null to keep checkpoints in the trial's folder, too.</param>
public sealed class TrialMaterials(TimeProvider clock, ICheckpointStores? checkpoints = null) : ITrialMaterials
{
    public TrialImages OpenImages(DataSpec data, CancellationToken cancellation)
    {
        var split = DatasetCatalog.Open(data, cancellation: cancellation).Split(data.HeldOut);
        return new TrialImages(split.Training, split.HeldOut);
    }

    public GenerativeModel CreateModel(TrialDefinition definition, TrialImages images) =>
        ModelZoo.Create(definition.Model, definition.Settings, images.Training.Channels, images.Training.Size);

    public IEvaluator CreateEvaluator(TrialDefinition definition, TrialImages images, Device device)
    {
        var (held, evaluation) = (images.HeldOut, definition.Evaluation);
        if (held.Count < evaluation.Samples)
        {
            throw new DataException(
                $"evaluation.samples is {evaluation.Samples} and only {held.Count} images are held out; use at most {held.Count}, or a larger data.heldOut");
        }

        return new SlicedWassersteinEvaluator(held.Read, held.Channels, held.Size, evaluation, unchecked((ulong)definition.Training.Seed), device);
    }

    public ITrialArtifacts OpenArtifacts(string folder) => new TrialArtifacts(folder, clock);

    public ICheckpointStore OpenCheckpoints(string folder, Lease lease, CancellationToken cancellation) =>
        checkpoints?.Open(lease, cancellation) ?? new DirectoryCheckpointStore(folder, lease.Epoch);
}
