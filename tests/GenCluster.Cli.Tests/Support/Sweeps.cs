using System.Text;
using GenCluster.Configuration;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Tests.Support;

/// <summary>Sweeps and views to show.</summary>
internal static class Sweeps
{
    public const string File = """
        apiVersion: gencluster/v1
        kind: Sweep
        name: clothes
        trainable: {model: dcgan}
        data: {dataset: fashion-mnist-sample, imageSize: 32}
        training: {steps: 600, batchSize: 64, shards: 2, evaluateEvery: 150, checkpointEvery: 100, seed: 7}
        objective: {metric: swd, goal: minimize}
        search: {algorithm: random, maxTrials: 4, parallelTrials: 2}
        parameters:
          optimizer.generator.learningRate: {distribution: log_uniform_values, min: 5.0e-5, max: 2.0e-3}
          optimizer.discriminator.learningRate: {distribution: log_uniform_values, min: 5.0e-5, max: 2.0e-3}
          loss: {values: [non-saturating, hinge]}
        resources: {workers: {min: 1, max: 1}, device: cpu}
        """;

    public static SweepSpec Spec { get; } = SweepFile.Parse("clothes.yaml", Encoding.UTF8.GetBytes(File)).Spec!;

    public static SweepId Id { get; } = new("clothes");

    public static string Hash(int trial) => string.Concat(Enumerable.Repeat($"{trial:x2}", 32));

    public static SweepView View(SweepPhase phase, params TrialView[] trials) => new(
        Spec, phase, null, trials,
        [new(new WorkerId("worker-1"), true, "cpu", null), new(new WorkerId("worker-2"), true, "cpu", null)],
        null, []);

    public static TrialView Pending(int number) => new(
        number, TrialPhase.Pending, Values(number), 0, 600, 0, null, null, [], [], 0, "", "");

    public static TrialView Running(int number, int step, double? objective = null, double rate = 3.25) => Pending(number) with
    {
        Phase = TrialPhase.Running,
        Step = step,
        StepsPerSecond = rate,
        Objective = objective,
        Untrained = objective is null ? null : 118.25,
        Losses = [new("discriminator.fake", -0.5), new("discriminator.loss", 1.23456), new("generator.loss", 0.912)],
        Gang = [new WorkerId($"worker-{number}")],
        Attempts = 1,
    };

    public static TrialView Succeeded(int number, double? objective) => Running(number, 600, objective) with
    {
        Phase = TrialPhase.Succeeded,
        StepsPerSecond = 0,
        Gang = [],
        WeightsSha256 = Hash(number),
    };

    public static TrialView Failed(int number, string message) => Running(number, 212) with
    {
        Phase = TrialPhase.Failed,
        Gang = [],
        Message = message,
    };

    public static SweepView Finished() => View(SweepPhase.Succeeded, Succeeded(1, 52.125), Succeeded(2, 38.0625), Succeeded(3, 61.5), Succeeded(4, 47.75));

    public static SamplePicture Gradient(int width, int height, int channels) => new(
        width, height, channels, [.. Enumerable.Range(0, width * height * channels).Select(i => (byte)(i * 255 / (width * height * channels - 1)))]);

    private static Assignment Values(int number) => new(
    [
        new("optimizer.generator.learningRate", ParameterValue.Of(0.0002 * number)),
        new("optimizer.discriminator.learningRate", ParameterValue.Of(0.00007 * number)),
        new("loss", ParameterValue.Of(number % 2 == 0 ? "hinge" : "non-saturating")),
    ]);
}
