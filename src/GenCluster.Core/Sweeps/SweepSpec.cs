using GenCluster.Core.Parameters;
using GenCluster.Core.Placement;
using MessagePack;

namespace GenCluster.Core.Sweeps;

/// <summary>
/// What a user submits, complete and validated: every default is filled in. It is stored in the journal, so keys are
/// append-only and a new member has a safe default.
/// </summary>
/// <param name="Comparison">What besides the objective makes one trial better than another.</param>
/// <param name="EarlyStopping">When trials end before their last step; null: never.</param>
/// <param name="WarmStart">What is taken over from another sweep; null: nothing.</param>
[MessagePackObject]
public sealed record SweepSpec(
    [property: Key(0)] string Name,
    [property: Key(1)] TrainableSpec Trainable,
    [property: Key(2)] DataSpec Data,
    [property: Key(3)] TrainingSpec Training,
    [property: Key(4)] EvaluationSpec Evaluation,
    [property: Key(5)] ObjectiveSpec Objective,
    [property: Key(6)] SearchSpec Search,
    [property: Key(7)] ParameterSpace Parameters,
    [property: Key(8)] ResourceSpec Resources,
    [property: Key(9)] BudgetSpec Budget,
    ComparisonSpec? Comparison = null,
    [property: Key(11)] EarlyStoppingSpec? EarlyStopping = null,
    [property: Key(12)] WarmStartSpec? WarmStart = null)
{
    // Missing values of an old journal are read as null, whatever a constructor's default says.
    [Key(10)]
    public ComparisonSpec Comparison { get; init; } = Comparison ?? ComparisonSpec.None;

    /// <summary>Whether evaluations of running trials are of interest to the sweep, and not their ends alone.</summary>
    [IgnoreMember]
    public bool JudgesReports =>
        EarlyStopping is not null || Comparison.Others.Length > 0 || Objective.Target is not null || Budget.PlateauTrials > 0;

    /// <summary>Workers that a trial needs at once: no more than there are shards.</summary>
    [IgnoreMember]
    public int SmallestGang => Math.Min(Resources.MinWorkers, TrainingOfTrial.Shards);

    /// <summary>How a trial trains. The processes of a program divide their work themselves: each counts as one shard.</summary>
    [IgnoreMember]
    public TrainingSpec TrainingOfTrial => Trainable.Command is null ? Training : Training with { Shards = Resources.MinWorkers };
}

/// <summary>What is trained: a model of the zoo, or a program, and the values of all hyperparameters that the search leaves alone.</summary>
/// <param name="Model">Of the zoo, or <see cref="CommandSpec.Model"/>.</param>
/// <param name="Command">The program; null for a model of the zoo.</param>
[MessagePackObject]
public sealed record TrainableSpec(
    [property: Key(0)] string Model, [property: Key(1)] Assignment Settings, [property: Key(2)] CommandSpec? Command = null);

/// <summary>The data.</summary>
/// <param name="Dataset">A known data set, e.g. <c>fashion-mnist</c>.</param>
/// <param name="Path">A folder that holds it, or null to look in the usual places.</param>
/// <param name="ImageSize">Height and width that images are padded to, in pixels.</param>
/// <param name="HeldOut">Images kept away from training, for evaluation.</param>
[MessagePackObject]
public sealed record DataSpec(
    [property: Key(0)] string Dataset,
    [property: Key(1)] string? Path,
    [property: Key(2)] int ImageSize,
    [property: Key(3)] int HeldOut);

/// <summary>How long, how large, how often. All counts are in steps; a batch is the global batch of the whole gang.</summary>
/// <param name="Shards">Fixed slices of every batch; a power of two that divides the batch.</param>
/// <param name="Threads">Threads inside one worker's operations; part of the numeric contract of a trial.</param>
/// <param name="Accumulate">Batches whose gradients are summed for one update; a spec from before there was a choice has 1.</param>
/// <param name="ClipNorm">The gradients of an update are scaled down to this norm when theirs is larger; null: never.</param>
/// <param name="Compression">How gradients are encoded in the sum; null: not at all, exact.</param>
/// <param name="Diloco">How members train alone and then agree; null: they sum their gradients for every update.</param>
/// <param name="Overlap">Whether gradients travel while others are still being computed.</param>
/// <param name="Precision">The numbers that networks compute with.</param>
[MessagePackObject]
public sealed record TrainingSpec(
    [property: Key(0)] int Steps,
    [property: Key(1)] int BatchSize,
    [property: Key(2)] int Shards,
    [property: Key(3)] int EvaluateEvery,
    [property: Key(4)] int CheckpointEvery,
    [property: Key(5)] long Seed,
    [property: Key(6)] int Threads,
    int Accumulate = 1,
    [property: Key(8)] double? ClipNorm = null,
    [property: Key(9)] CompressionSpec? Compression = null,
    [property: Key(10)] DilocoSpec? Diloco = null,
    [property: Key(11)] Overlap Overlap = Overlap.Auto,
    [property: Key(12)] Precision Precision = Precision.Float32)
{
    // Missing values of an old journal are read as 0 and null, whatever a constructor's default says.
    [Key(7)]
    public int Accumulate { get; init; } = Math.Max(Accumulate, 1);

    /// <summary>Where a trial that is to wait from this step on does wait: at the next evaluation; null: there is none before its end.</summary>
    public int? MilestoneFrom(int? step)
    {
        if (step is not > 0 || EvaluateEvery <= 0)
            return null;
        long at = ((long)step.Value + EvaluateEvery - 1) / EvaluateEvery * EvaluateEvery;
        return at < Steps ? (int)at : null;
    }

    /// <summary>Whether an evaluation belongs after this step: the untrained weights, every so many steps, and the end.</summary>
    public bool IsEvaluatedAt(int step) =>
        step == 0 || step == Steps || (step > 0 && step < Steps && EvaluateEvery > 0 && step % EvaluateEvery == 0);
}

/// <summary>The protocol of the sliced Wasserstein distance (Karras et al. 2018, section 5); stated with every number.</summary>
/// <param name="Samples">Generated images, and as many held-out ones.</param>
/// <param name="PatchesPerImage">7x7 patches taken from each image at each level of the pyramid.</param>
/// <param name="Projections">Random directions.</param>
[MessagePackObject]
public sealed record EvaluationSpec([property: Key(0)] int Samples, [property: Key(1)] int PatchesPerImage, [property: Key(2)] int Projections);

/// <summary>Which way an objective is better.</summary>
public enum Goal
{
    Minimize = 0,
    Maximize = 1,
}

/// <summary>The metric that ranks trials: its value at a trial's last evaluation.</summary>
/// <param name="Target">The sweep ends when a trial is at least as good; null: it does not.</param>
[MessagePackObject]
public sealed record ObjectiveSpec([property: Key(0)] string Metric, [property: Key(1)] Goal Goal, [property: Key(2)] double? Target = null)
{
    /// <summary>Whether the value is at least as good as the target; false when there is none.</summary>
    public bool IsReached(double value) => Target is { } target && double.IsFinite(value) && !IsBetter(target, value);

    /// <summary>The value with the sign that makes less better; infinite when it is not finite, or not known.</summary>
    public double Cost(double? value) => value is not { } known || !double.IsFinite(known) ? double.PositiveInfinity : Goal is Goal.Minimize ? known : -known;

    /// <summary>Whether <paramref name="left"/> is strictly better. A value that is not finite is better than none other.</summary>
    public bool IsBetter(double left, double right)
    {
        if (!double.IsFinite(left))
            return false;
        return !double.IsFinite(right) || (Goal is Goal.Minimize ? left < right : left > right);
    }
}

/// <summary>What a trial runs on.</summary>
/// <param name="Device"><c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Rebalance">Whether shards move from slow members to fast ones.</param>
/// <param name="Transport">How members of a gang talk.</param>
/// <param name="Priority">Trials with a higher one are served first, and may take the place of those with a lower one.</param>
/// <param name="Project">Whose quota and share of the workers it uses; a spec from before there was a choice has the default one.</param>
/// <param name="MinRuntimeSeconds">How long a gang runs before a higher priority may take its place.</param>
/// <param name="Memory">Bytes of its device's memory that each worker needs; 0: not said.</param>
/// <param name="ShareDevice">Whether other trials may use what is left of the device.</param>
[MessagePackObject]
public sealed record ResourceSpec(
    [property: Key(0)] int MinWorkers,
    [property: Key(1)] int MaxWorkers,
    [property: Key(2)] string Device,
    [property: Key(3)] Rebalance Rebalance = Rebalance.None,
    [property: Key(4)] Transport Transport = Transport.Auto,
    [property: Key(5)] int Priority = 0,
    string Project = ProjectRules.DefaultProject,
    [property: Key(7)] int MinRuntimeSeconds = 0,
    [property: Key(8)] long Memory = 0,
    [property: Key(9)] bool ShareDevice = false)
{
    // Missing values of an old journal are read as null, whatever a constructor's default says.
    [Key(6)]
    public string Project { get; init; } = Project ?? ProjectRules.DefaultProject;
}

/// <summary>Who gets how many shards.</summary>
public enum Rebalance
{
    /// <summary>As even a division as there is.</summary>
    None = 0,

    /// <summary>By measured speed.</summary>
    Auto = 1,
}

/// <summary>How two members of a gang talk.</summary>
public enum Transport
{
    /// <summary>Shared memory on one host, TCP between hosts.</summary>
    Auto = 0,
    SharedMemory = 1,
    Unix = 2,
    Tcp = 3,
}
