using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Optimizers;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>
/// The training loop, once for all models and gangs. A step is the model's phases in order; an update is: compute this
/// member's shards, sum over the gang, apply. Every member applies the same sum to the same state.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingState state;
    private readonly StepPlan plan;
    private readonly PhaseVector[] vectors;
    private readonly ShardWorker worker;
    private readonly BufferKeeper keeper;
    private readonly IGang gang;
    private readonly ShardAccumulator accumulator;
    private readonly ShardRange shards;
    private readonly float scale;
    private readonly float[] vector;
    private readonly float[] sum;
    private readonly string[][] partNames;

    /// <summary>A trainer that goes on from the state as it is.</summary>
    /// <param name="gang">Joined with a plan of <see cref="VectorLengths"/>. It stays the caller's.</param>
    /// <exception cref="TrainingFailedException">Model, data and numbers do not fit.</exception>
    public Trainer(TrainingState state, TrainingSpec training, ITrainingData data, IGang gang)
    {
        this.state = state;
        this.gang = gang;
        plan = new StepPlan(state.Model, training);
        vectors = VectorsOf(state);
        worker = new ShardWorker(state, training, plan, data);
        keeper = new BufferKeeper(state.Networks);
        accumulator = new ShardAccumulator(gang.Plan, gang.Member);
        shards = gang.Plan.Ranges[gang.Member];
        scale = 1f / training.Shards;
        vector = new float[vectors.Max(v => v.Length)];
        sum = new float[vector.Length];
        partNames = new string[vectors.Length][];
        foreach (var network in state.Model.Networks)
            network.Module.train();
    }

    /// <summary>The element count of each phase's vector: what a gang's plan must be made for.</summary>
    public static int[] VectorLengths(TrainingState state) => [.. VectorsOf(state).Select(vector => vector.Length)];

    /// <summary>Trains one step.</summary>
    /// <param name="stop">This member's vote to stop after the step.</param>
    /// <param name="cancellation">Leaves the step in the middle; the state is of no use then.</param>
    /// <exception cref="TrainingFailedException">A loss or gradient is not finite, on every member alike; nothing is applied of it.</exception>
    /// <exception cref="GangBrokenException">A peer is gone.</exception>
    public StepResult Step(bool stop = false, CancellationToken cancellation = default)
    {
        var losses = new SortedDictionary<string, double>(StringComparer.Ordinal);
        bool stopped = false;
        foreach (var update in plan.Updates)
        {
            var phase = vectors[update.PhaseIndex];
            Compute(update, phase, stop, cancellation);
            var total = sum.AsSpan(0, phase.Length);
            gang.AllReduce(accumulator, total, state.Step);

            stopped |= PhaseVector.WatchedOf(total)[^1] > 0;
            Report(update, total, losses);
            Apply(update, phase, total);
        }

        state.Step++;
        return new StepResult(state.Step, [.. losses.Select(loss => new Metric(loss.Key, loss.Value))], stopped);
    }

    public void Dispose() => worker.Dispose();

    private static PhaseVector[] VectorsOf(TrainingState state) => [.. state.Model.Phases.Select(phase => new PhaseVector(phase, state.Networks))];

    private void Compute(PlannedUpdate update, PhaseVector phase, bool stop, CancellationToken cancellation)
    {
        foreach (var network in state.Networks)
            network.Learn(phase.Updated.Contains(network));

        keeper.Remember();
        accumulator.Begin(update.PhaseIndex);
        Span<float> watched = stackalloc float[PhaseVector.Watched];
        for (int shard = shards.First; shard < shards.End; shard++)
        {
            cancellation.ThrowIfCancellationRequested();
            keeper.Restore();
            partNames[update.PhaseIndex] = [.. worker.Run(update, phase, shard, watched)];
            watched[^1] = stop ? 1 : 0;
            var mine = vector.AsSpan(0, phase.Length);
            phase.Gather(keeper, watched, mine);
            accumulator.Add(shard, mine);
        }
    }

    private void Report(PlannedUpdate update, ReadOnlySpan<float> total, SortedDictionary<string, double> losses)
    {
        var watched = PhaseVector.WatchedOf(total);
        float loss = watched[0] * scale;
        if (!float.IsFinite(loss))
            throw NotFinite(update, $"loss became {loss}");

        losses[$"{update.Phase.Name}.loss"] = loss;
        foreach (var (i, name) in partNames[update.PhaseIndex].Index())
            losses[$"{update.Phase.Name}.{name}"] = watched[i + 1] * scale;
    }

    private void Apply(PlannedUpdate update, PhaseVector phase, ReadOnlySpan<float> total)
    {
        var gradients = total[..phase.Gradients];
        if (!Finite.All(gradients))
            throw NotFinite(update, "gradient is not finite");

        foreach (var network in phase.Updated)
        {
            Apply(update, network, gradients[..network.Gradients.Length]);
            gradients = gradients[network.Gradients.Length..];
        }

        phase.ScatterBuffers(keeper, total, scale);
    }

    private void Apply(PlannedUpdate update, NetworkStorage network, ReadOnlySpan<float> gradients)
    {
        network.Updates++;
        Adam.Update(
            network.Parameters, gradients, scale, network.FirstMoment, network.SecondMoment, update.Phase.Optimizer, network.Updates);
        network.UploadParameters();
        if (network.AverageDecay is { } decay)
            MovingAverage.Update(network.Average, network.Parameters, decay);
    }

    private TrainingFailedException NotFinite(PlannedUpdate update, string what) => new(
        FailureClass.NonFinite,
        $"the {what} in phase '{update.Phase.Name}' of step {state.Step + 1}; try a lower learning rate");
}
