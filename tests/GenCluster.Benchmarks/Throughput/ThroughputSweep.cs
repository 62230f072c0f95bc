using System.Globalization;
using GenCluster.Actors.Persistence;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Server.Journals;

namespace GenCluster.Benchmarks.Throughput;

/// <summary>A sweep of trials that cost nothing, and the table that comes of it: what each trial ends with follows from its values alone.</summary>
internal static class ThroughputSweep
{
    public const int Parallel = 16;

    private const string Name = "throughput", Metric = "loss";

    public static SweepId Id { get; } = new(Name);

    public static SweepSpec Spec(int trials) => new(
        Name,
        new TrainableSpec("dcgan", Assignment.Empty),
        new DataSpec("fashion-mnist-sample", null, 32, 1000),
        new TrainingSpec(Steps: 1, BatchSize: 64, Shards: 1, EvaluateEvery: 1, CheckpointEvery: 1, Seed: 7, Threads: 1),
        new EvaluationSpec(512, 16, 128),
        new ObjectiveSpec(Metric, Goal.Minimize),
        new SearchSpec("random", trials, Parallel),
        new ParameterSpace([new("x", new Uniform(0, 1)), new("y", new LogUniform(1e-5, 1e-2)), new("kind", new Categorical([ParameterValue.Of("a"), ParameterValue.Of("b")], null))]),
        new ResourceSpec(1, 1, "auto"),
        new BudgetSpec(MaxFailedTrials: 0));

    public static MetricReport ReportOf(TrialDefinition trial) => new(1, [new Metric(Metric, trial.Settings.Find("x")!.Value.Number)]);

    /// <summary>A line for each trial, as the journal has it.</summary>
    public static IReadOnlyList<string> TableOf(JournalDatabase journal)
    {
        var fold = new JournalFold();
        using var connection = journal.Open();
        foreach (var entry in JournalReader.UpTo(connection, JournalReader.Last(connection)))
            fold.Add(entry);
        if (fold.Findings() is [var finding, ..])
            throw new BenchmarkException($"the journal is damaged: {finding}");
        return [.. fold.Sweeps.Single().Trials.Values.Select(LineOf)];
    }

    private static string LineOf(TrialRecord trial) => string.Create(
        CultureInfo.InvariantCulture,
        $"{trial.Number} {string.Join(' ', trial.Assignment.Settings)} {trial.Outcome?.Phase} {trial.Outcome?.Objective:R} {trial.Outcome?.Steps} {trial.Outcome?.WeightsSha256} {trial.Outcome?.Message}");
}
