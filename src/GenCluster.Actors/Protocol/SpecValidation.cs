using GenCluster.Core.Parameters;
using GenCluster.Core.Placement;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Search;
using static GenCluster.Actors.Protocol.SpaceValidation;

namespace GenCluster.Actors.Protocol;

/// <summary>
/// What a submitted sweep must hold for the coordinator to carry it. Whether it makes sense as a sweep was checked where
/// its file was read; here it is only made sure that nothing in it can break an actor.
/// </summary>
internal static class SpecValidation
{
    private const int MaxTrials = 100_000; // what a sweep file may say, too
    private const int MaxParallelTrials = 4_096; // each has an actor while it lives
    private const int MaxSeedTrials = 1_024;
    private const int MaxShards = 4_096;
    private const int MaxObjectives = 16;
    private const int MaxEvidence = 100_000;
    private const long MaxSeconds = 100L * 366 * 24 * 3_600;

    /// <summary>What is wrong with it, for a log; null when it is sound.</summary>
    public static string? FaultOf(SweepSpec? spec)
    {
        if (spec is not
            {
                Trainable.Settings: not null, Data.Dataset: not null, Training: not null, Evaluation: not null,
                Objective: not null, Search.Algorithm: not null, Parameters.Parameters: not null, Resources.Device: not null, Budget: not null,
            })
        {
            return "no sweep, or one without a part";
        }

        return Name("sweep", spec.Name)
            ?? Name("model", spec.Trainable.Model)
            ?? Name("data set", spec.Data.Dataset)
            ?? (spec.Data.Path?.Length > MaxText ? "a path of the data that is too long" : null)
            ?? FaultOf(spec.Objective)
            ?? FaultOf(spec.Comparison)
            ?? FaultOf(spec.Training)
            ?? FaultOf(spec.Resources)
            ?? FaultOf(spec.Budget)
            ?? FaultOfSettings(spec.Trainable.Settings)
            ?? CommandValidation.FaultOf(spec.Trainable)
            ?? FaultOfSpace(spec.Parameters)
            ?? FaultOf(spec.Search, spec.Parameters)
            ?? FaultOf(spec.EarlyStopping)
            ?? FaultOf(spec.WarmStart);
    }

    private static string? FaultOf(ObjectiveSpec? objective) => objective is null
        ? "no objective"
        : Name("metric", objective.Metric)
            ?? (Enum.IsDefined(objective.Goal) ? null : $"goal {(int)objective.Goal}")
            ?? (double.IsFinite(objective.Target ?? 0) ? null : $"a target of {objective.Target}");

    private static string? FaultOf(ComparisonSpec comparison) => comparison switch
    {
        { Others: null } or { Constraints: null } => "no list of objectives or constraints",
        { Others.Length: >= MaxObjectives } => $"{comparison.Others.Length} further objectives; allowed are {MaxObjectives - 1}",
        _ => comparison.Others.Select(FaultOf).FirstOrDefault(f => f is not null) ?? FaultOfConstraints(comparison.Constraints, known: null),
    };

    private static string? FaultOf(TrainingSpec training) => training is { Steps: > 0, BatchSize: > 0, Shards: > 0, EvaluateEvery: >= 0, CheckpointEvery: >= 0 } && training.Shards <= MaxShards
        ? null
        : $"{training.Steps} steps of {training.BatchSize} in {training.Shards} shards";

    private static string? FaultOf(SearchSpec search, ParameterSpace space)
    {
        if (Samplers.Find(search.Algorithm) is null || SearchCatalogue.FindSampler(search.Algorithm) is not { } algorithm)
            return $"an unknown search algorithm; known are {string.Join(", ", Samplers.All.Select(s => s.Name))}";
        if (search is not { MaxTrials: > 0 and <= MaxTrials, ParallelTrials: > 0 and <= MaxParallelTrials } || search.ParallelTrials > search.MaxTrials)
            return $"{search.MaxTrials} trials, {search.ParallelTrials} at a time";
        if (search.SeedTrials.Length > MaxSeedTrials)
            return $"{search.SeedTrials.Length} trials to begin with; allowed are {MaxSeedTrials}";
        return FaultOfOptions(algorithm, search.Options) ?? search.SeedTrials.Select(seed => FaultOfSeed(seed, space)).FirstOrDefault(f => f is not null);
    }

    private static string? FaultOf(EarlyStoppingSpec? stopping)
    {
        if (stopping is null)
            return null;
        return stopping.Type is not null && SearchCatalogue.FindScheduler(stopping.Type) is { } rule
            ? FaultOfOptions(rule, stopping.Options)
            : $"an unknown rule of early stopping; known are {string.Join(", ", SearchCatalogue.Schedulers.Select(s => s.Name))}";
    }

    private static string? FaultOf(WarmStartSpec? start) => start is null
        ? null
        : Name("sweep to begin from", start.Sweep) ?? (start.Top is >= 0 and <= MaxEvidence ? null : $"the best {start.Top} trials of another sweep");

    private static string? FaultOf(BudgetSpec budget) => budget is { MaxFailedTrials: >= 0, MaxRestarts: >= 0, WallClockSeconds: >= 0 and <= MaxSeconds, PlateauTrials: >= 0 }
        && budget.DeviceHours >= 0 && budget.PlateauMinDelta >= 0 && double.IsFinite(budget.DeviceHours) && double.IsFinite(budget.PlateauMinDelta)
            ? null
            : $"an impossible budget: {budget}";

    private static string? FaultOf(ResourceSpec resources)
    {
        if (resources.MinWorkers <= 0 || resources.MaxWorkers < resources.MinWorkers)
            return $"{resources.MinWorkers} to {resources.MaxWorkers} workers";
        if (resources is not { MinRuntimeSeconds: >= 0, Memory: >= 0 and <= ByteSize.Max })
            return $"a minimum run time of {resources.MinRuntimeSeconds} s, {resources.Memory} bytes of memory";
        return Name("device", resources.Device) ?? Name("project", resources.Project);
    }
}
