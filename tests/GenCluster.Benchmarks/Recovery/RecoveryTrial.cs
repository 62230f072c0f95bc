using GenCluster.Benchmarks.Training;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Models;
using GenCluster.Training.Runner;
using static TorchSharp.torch;

namespace GenCluster.Benchmarks.Recovery;

/// <summary>The trial that loses members and gets new ones: the DCGAN of <see cref="BenchmarkModel"/>, long enough never to end.</summary>
internal sealed class RecoveryTrial : ITrialMaterials
{
    public const int Shards = 4;
    private const int Steps = 1_000_000, BatchSize = 32;

    private readonly TrialMaterials real = new(TimeProvider.System);

    public static TrialDefinition Definition { get; } = new(
        new TrialId(new SweepId("recovery"), 1), "dcgan", BenchmarkModel.Settings, new DataSpec("noise", null, Dcgan.ImageSize, 0),
        new TrainingSpec(Steps, BatchSize, Shards, EvaluateEvery: 0, CheckpointEvery: Steps, Seed: 7, Threads: 1),
        new EvaluationSpec(16, 1, 1), new ObjectiveSpec("none", Goal.Minimize), new ResourceSpec(1, Shards, "cpu"));

    public TrialImages OpenImages(DataSpec data, CancellationToken cancellation) => new(new NoiseImages(), new NoiseImages());

    public GenerativeModel CreateModel(TrialDefinition definition, TrialImages images) => real.CreateModel(definition, images);

    public IEvaluator CreateEvaluator(TrialDefinition definition, TrialImages images, Device device) => new NoEvaluation();

    public ITrialArtifacts OpenArtifacts(string folder) => real.OpenArtifacts(folder);

    public ICheckpointStore OpenCheckpoints(string folder, Lease lease, CancellationToken cancellation) => real.OpenCheckpoints(folder, lease, cancellation);

    private sealed class NoEvaluation : IEvaluator
    {
        public IReadOnlyList<Metric> Evaluate(GenerativeModel model, int step) => [new Metric("none", 0)];

        public void Dispose()
        {
        }
    }
}
