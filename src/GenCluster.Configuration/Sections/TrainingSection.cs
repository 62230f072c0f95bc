using System.Numerics;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>training</c>.</summary>
internal static class TrainingSection
{
    private const int MaxSteps = 100_000_000;
    private const int MaxBatch = 65_536;
    private const int MaxShards = 1024;
    private const int DefaultCheckpointEvery = 500;
    private const int MinSamplesPerShard = 2; // batch normalisation of one sample has no variance

    private static readonly IntegerKey Steps = new("steps", 1, MaxSteps, "Training steps of a trial.") { Required = true };
    private static readonly IntegerKey BatchSize =
        new("batchSize", 1, MaxBatch, "Samples of a step, over all workers of the trial.") { Default = 64 };
    private static readonly IntegerKey Shards =
        new("shards", 1, MaxShards, "Fixed slices of every batch; a trial can use as many workers.") { Default = 1 };
    private static readonly IntegerKey EvaluateEvery =
        new("evaluateEvery", 1, MaxSteps, "Steps from one evaluation to the next; default: at the end only.");
    private static readonly IntegerKey CheckpointEvery =
        new("checkpointEvery", 1, MaxSteps, "Steps from one checkpoint to the next; default: 500, or at the end of a shorter trial.");
    private static readonly IntegerKey Seed = new("seed", 0, 1L << 53, "Everything random follows from it.") { Default = 0 };
    private static readonly IntegerKey Threads =
        new("threads", 1, 256, "Threads inside one worker; results depend on it in the last bits.") { Default = 1 };

    public static readonly SectionSchema Schema = new(Steps, BatchSize, Shards, EvaluateEvery, CheckpointEvery, Seed, Threads);

    public static TrainingSpec Read(Section section)
    {
        int steps = (int)section.Integer(Steps);
        int batch = (int)section.Integer(BatchSize);
        int shards = (int)section.Integer(Shards);
        var spec = new TrainingSpec(
            steps, batch, shards,
            EvaluateEvery: Interval(section, EvaluateEvery, steps, otherwise: steps),
            CheckpointEvery: Interval(section, CheckpointEvery, steps, otherwise: Math.Min(steps, DefaultCheckpointEvery)),
            section.Integer(Seed),
            (int)section.Integer(Threads));
        CheckShards(section, batch, shards);
        return spec;
    }

    private static int Interval(Section section, IntegerKey key, int steps, int otherwise)
    {
        int interval = (int)section.Integer(key, otherwise);
        if (steps > 0 && interval > steps)
            section.Error(DiagnosticCodes.NeverHappens, key, $"got {interval}, but a trial has only {steps} steps; write at most {steps}");
        return interval;
    }

    private static void CheckShards(Section section, int batch, int shards)
    {
        if (shards == 0)
            return;
        if (!BitOperations.IsPow2(shards))
        {
            int below = 1 << BitOperations.Log2((uint)shards);
            section.Error(DiagnosticCodes.ShardCount, Shards,
                $"got {shards}, which is not a power of two; gradients are summed in a fixed binary tree, use {below} or {below * 2}");
        }
        else if (batch > 0 && batch % shards != 0)
        {
            int below = Math.Max(batch / shards, MinSamplesPerShard) * shards;
            section.Error(DiagnosticCodes.BatchNotDivisible, BatchSize,
                $"got {batch}, which {shards} shards do not divide; use {below} or {below + shards}");
        }
        else if (batch > 0 && batch / shards < MinSamplesPerShard)
        {
            section.Error(DiagnosticCodes.ShardTooSmall, BatchSize,
                $"got {batch}, one sample for each of {shards} shards; batch normalisation needs at least {MinSamplesPerShard}, "
                + $"use {MinSamplesPerShard * shards} or more");
        }
    }
}
