using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Core.Tests.Support;

/// <summary>Small valid values that tests vary with <c>with</c>.</summary>
internal static class Samples
{
    public static readonly SweepId Sweep = new("fashion");
    public static readonly TrialId Trial = new(Sweep, 1);
    public static readonly WorkerId Anna = new("anna"), Ben = new("ben");

    public static readonly SweepSpec Spec = new(
        "fashion",
        new TrainableSpec("vae", Settings(("latent", ParameterValue.Of(8)), ("optimizer.learningRate", ParameterValue.Of(1e-3)))),
        new DataSpec("fashion-mnist-sample", null, 32, 1000),
        new TrainingSpec(Steps: 30, BatchSize: 8, Shards: 2, EvaluateEvery: 10, CheckpointEvery: 10, Seed: 7, Threads: 1),
        new EvaluationSpec(64, 16, 128),
        new ObjectiveSpec("swd", Goal.Minimize),
        new SearchSpec("random", MaxTrials: 3, ParallelTrials: 2),
        new ParameterSpace([new Parameter("optimizer.learningRate", new LogUniform(1e-5, 1e-2))]),
        new ResourceSpec(1, 2, "cpu"),
        new BudgetSpec(MaxFailedTrials: 1));

    public static readonly TrialDefinition Definition = TrialDefinition.Of(Spec, Trial, LearningRate(1e-4));

    public static Assignment LearningRate(double value) => Settings(("optimizer.learningRate", ParameterValue.Of(value)));

    public static Assignment Settings(params (string Path, ParameterValue Value)[] settings) =>
        new([.. settings.Select(s => new Setting(s.Path, s.Value))]);

    public static MetricReport Report(int step, double swd) => new(step, [new Metric("swd", swd)]);

    public static CheckpointManifest Manifest(int step, string content = "a") => new(step, [new BlobRef("weights", content, 4)], "cpu/1");

    public static TrialOutcome Succeeded(double objective) => new(TrialPhase.Succeeded, objective, 100, 30, "f00d", null, "");

    public static readonly TrialOutcome Failed = new(TrialPhase.Failed, null, null, 0, "", FailureClass.UserError, "no such layer");

    public static readonly TrialOutcome Cancelled = new(TrialPhase.Cancelled, null, null, 0, "", null, "not wanted");
}
