using System.Numerics;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>training</c>.</summary>
internal static class TrainingSection
{
    private const int MaxSteps = CommandSpec.NoEnd;
    private const int MaxBatch = 65_536;
    private const int MaxShards = 1024;
    private const int DefaultCheckpointEvery = 500;
    private const int MinSamplesPerShard = 2; // batch normalisation of one sample has no variance

    private static readonly IntegerKey Steps = new("steps", 1, MaxSteps, "Training steps of a trial; of a program, which need not say it, those up to which early stopping judges it.") { Required = true };
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

    private static readonly IntegerKey Accumulate =
        new("accumulate", 1, 1024, "Batches whose gradients are summed for one update, as if the batch were so much larger.") { Default = 1 };
    private static readonly NumberKey ClipNorm =
        new("clipNorm", 1e-6, 1e6, "Gradients of an update with a larger norm are scaled down to it; default: never.");

    public static readonly TextKey Precision =
        new("precision", "Numbers that networks compute with; bf16 needs CUDA and is not exact.") { Choices = ["float32", "bf16"], Default = "float32" };

    public static readonly SectionSchema Schema = new(
        [Steps, BatchSize, Shards, EvaluateEvery, CheckpointEvery, Seed, Threads, Accumulate, ClipNorm, Precision, .. ExchangeKeys.All]);

    /// <summary>What of it applies to a program.</summary>
    public static readonly SectionSchema ProgramSchema =
        new(Steps with { Required = false, Meaning = "The program's own steps up to which early stopping judges a trial; nothing ends it there. Default: until it ends." }, Seed)
        {
            Misplaced = [.. Schema.Keys.Where(k => k != Steps && k != Seed)],
            WhyMisplaced = "does not apply to a program, which trains in its own way; only steps and seed do",
        };

    /// <summary>Of a program: it has steps, which it counts itself, and reports and stores when it likes.</summary>
    /// <param name="workers">Each has one shard, so that the gang is complete.</param>
    public static TrainingSpec ReadProgram(Section section, int workers) => new(
        (int)section.Integer((IntegerKey)ProgramSchema.Keys[0], otherwise: CommandSpec.NoEnd), BatchSize: workers, Shards: workers, EvaluateEvery: 1, CheckpointEvery: 1, section.Integer(Seed), Threads: 1);

    public static TrainingSpec Read(Section section)
    {
        int steps = (int)section.Integer(Steps);
        int batch = (int)section.Integer(BatchSize);
        int shards = (int)section.Integer(Shards);
        CheckShards(section, batch, shards);
        var exchange = ExchangeKeys.Read(section, steps);
        int round = exchange.Diloco?.LocalSteps ?? 1;
        return new TrainingSpec(
            steps, batch, shards,
            EvaluateEvery: Interval(section, EvaluateEvery, steps, round, otherwise: steps),
            CheckpointEvery: Interval(section, CheckpointEvery, steps, round, otherwise: Math.Min(steps, WholeRounds(DefaultCheckpointEvery, round))),
            section.Integer(Seed),
            (int)section.Integer(Threads),
            (int)section.Integer(Accumulate),
            section.Number(ClipNorm),
            exchange.Compression,
            exchange.Diloco,
            exchange.Overlap,
            section.Text(Precision) is "bf16" ? Core.Sweeps.Precision.Bf16 : Core.Sweeps.Precision.Float32);
    }

    private static int Interval(Section section, IntegerKey key, int steps, int round, int otherwise)
    {
        int interval = (int)section.Integer(key, otherwise);
        if (steps > 0 && interval > steps)
        {
            section.Error(DiagnosticCodes.NeverHappens, key, $"got {interval}, but a trial has only {steps} steps; write at most {steps}");
        }
        else if (round > 0 && interval % round != 0 && interval != steps)
        {
            int below = interval / round * round;
            section.Error(DiagnosticCodes.WithinARound, key,
                $"got {interval}, which is not a multiple of localSteps ({round}), and members agree on weights only then; "
                + (below > 0 ? $"use {below} or {below + round}" : $"use {round}"));
        }

        return interval;
    }

    private static int WholeRounds(int interval, int round) => round == 0 ? interval : Math.Max(interval / round, 1) * round;

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
