using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Artifacts;
using GenCluster.Checkpoints;
using GenCluster.Training.Loop;
using GenCluster.Training.Models;
using GenCluster.Training.Runner;
using GenCluster.Training.Tests.Loop;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Runner;

/// <summary>A toy model on toy images, evaluated in no time; files are real.</summary>
internal sealed class ToyMaterials(Func<GenerativeModel> create, ToyImages? images = null) : ITrialMaterials
{
    public ToyMaterials()
        : this(() => new ToyGan())
    {
    }

    public TrialImages OpenImages(DataSpec data, CancellationToken cancellation) => new(images ?? new ToyImages(), new ToyImages());

    public GenerativeModel CreateModel(TrialDefinition definition, TrialImages images) => create();

    public IEvaluator CreateEvaluator(TrialDefinition definition, TrialImages images, Device device) => new MeanPixel();

    public ITrialArtifacts OpenArtifacts(string folder) => new TrialArtifacts(folder, TimeProvider.System);

    public ICheckpointStore OpenCheckpoints(string folder, Lease lease, CancellationToken cancellation) => new DirectoryCheckpointStore(folder, lease.Epoch);

    private sealed class MeanPixel : IEvaluator
    {
        public IReadOnlyList<Metric> Evaluate(GenerativeModel model, int step)
        {
            using var scope = NewDisposeScope();
            using var drawn = TorchGenerator.Use(1, new(), () => rand(3)); // whatever an evaluation draws, training must not notice
            return [new Metric("swd", model.Sample(16, new NoiseSource(new(5, new()), CPU)).mean().item<float>())];
        }

        public void Dispose()
        {
        }
    }
}
