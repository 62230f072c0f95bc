using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Models;

namespace GenCluster.Training.Loop;

/// <summary>One update within a step.</summary>
/// <param name="Index">Its place in the step, counting every repeat: part of the address of its random numbers.</param>
/// <param name="PhaseIndex">The phase's place in the model's list.</param>
/// <param name="Batch">Which of the step's batches of images it takes; null when it takes none.</param>
public sealed record PlannedUpdate(int Index, int PhaseIndex, Phase Phase, int? Batch);

/// <summary>A step, written out: the model's phases in order, each as often as it repeats.</summary>
public sealed class StepPlan
{
    /// <summary>The place of an update in its step is one byte of a random stream's address.</summary>
    public const int MaxUpdates = 256;

    /// <summary>The place of a shard among all those of an update is two bytes of that address.</summary>
    private const int MaxStreams = 65536;

    /// <exception cref="TrainingFailedException">The model or the numbers make no plan.</exception>
    public StepPlan(GenerativeModel model, TrainingSpec training)
    {
        if (training.Shards < 1 || training.BatchSize % training.Shards != 0)
            throw Wrong($"a batch of {training.BatchSize} images cannot be cut into {training.Shards} equal shards; use a multiple of {training.Shards}");

        var names = model.Networks.Select(network => network.Name).ToHashSet();
        foreach (var phase in model.Phases)
        {
            foreach (string unknown in phase.Updates.Where(name => !names.Contains(name)))
                throw Wrong($"phase '{phase.Name}' updates network '{unknown}', which the model does not have; it has {string.Join(", ", names)}");
        }

        if ((long)training.Shards * training.Accumulate > MaxStreams)
            throw Wrong($"{training.Accumulate} batches of {training.Shards} shards for an update need more streams of random numbers than the {MaxStreams} that there are; use fewer shards or batches");

        ShardSize = training.BatchSize / training.Shards;
        BatchSize = training.BatchSize;
        Accumulate = training.Accumulate;
        Updates = [.. WriteOut(model)];
        Batches = Updates.Count(update => update.Batch is not null);
        if (Updates.Count is 0 or > MaxUpdates)
            throw Wrong($"a step of this model has {Updates.Count} updates; 1 to {MaxUpdates} are allowed");
    }

    public IReadOnlyList<PlannedUpdate> Updates { get; }

    /// <summary>Updates of a step that take images.</summary>
    public int Batches { get; }

    /// <summary>Batches whose gradients are summed for one update.</summary>
    public int Accumulate { get; }

    public int BatchSize { get; }

    /// <summary>Images, or samples, in one shard of a batch.</summary>
    public int ShardSize { get; }

    /// <summary>The position in the data order of a shard's first image, <paramref name="step"/> counting from 0.</summary>
    /// <param name="part">Which of the update's batches, below <see cref="Accumulate"/>.</param>
    public long FirstPosition(int step, int batch, int part, int shard) =>
        ((((long)step * Batches) + batch) * Accumulate + part) * BatchSize + (long)shard * ShardSize;

    private static IEnumerable<PlannedUpdate> WriteOut(GenerativeModel model)
    {
        int index = 0, batch = 0;
        foreach (var (phaseIndex, phase) in model.Phases.Index())
        {
            for (int repeat = 0; repeat < phase.Repeat; repeat++)
                yield return new PlannedUpdate(index++, phaseIndex, phase, phase.TakesData ? batch++ : null);
        }
    }

    private static TrainingFailedException Wrong(string message) => new(FailureClass.UserError, message);
}
