using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Benchmarks.Scale;

/// <summary>Two hundred trials at once, each on a gang of five.</summary>
internal static class ScaleSweep
{
    public const int Gangs = 200, Members = 5, Steps = 50;
    public const string Metric = "loss";

    private const string Name = "scale";

    public static SweepId Id { get; } = new(Name);

    public static SweepSpec Spec { get; } = new(
        Name,
        new TrainableSpec("dcgan", Assignment.Empty),
        new DataSpec("fashion-mnist-sample", null, 32, 1000),
        new TrainingSpec(Steps, BatchSize: 64, Shards: Members, EvaluateEvery: 1, CheckpointEvery: Steps, Seed: 7, Threads: 1),
        new EvaluationSpec(512, 16, 128),
        new ObjectiveSpec(Metric, Goal.Minimize),
        new SearchSpec("random", Gangs, Gangs),
        new ParameterSpace([new("x", new Uniform(0, 1))]),
        new ResourceSpec(Members, Members, "auto"),
        new BudgetSpec(MaxFailedTrials: 0));
}
