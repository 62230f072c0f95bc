using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Metering;
using GenCluster.Training.Models;
using GenCluster.Training.Native;
using GenCluster.Training.Storage;
using GenCluster.Training.Tracing;
using static TorchSharp.torch;

namespace GenCluster.Training.Loop;

/// <summary>Computes the loss and the gradient of one shard of one update. A pure function of state, step, update and shard.</summary>
internal sealed class ShardWorker : IDisposable
{
    private readonly TrainingState state;
    private readonly TrainingSpec training;
    private readonly StepPlan plan;
    private readonly ITrainingData data;
    private readonly StepClock time;
    private readonly DataOrder order;
    private readonly FlatBuffer<float> batch;
    private readonly int imageLength;

    public ShardWorker(TrainingState state, TrainingSpec training, StepPlan plan, ITrainingData data, StepClock time)
    {
        (this.state, this.training, this.plan, this.data, this.time) = (state, training, plan, data, time);
        order = new DataOrder(data.Count, training.Seed);
        imageLength = data.Channels * data.Size * data.Size;
        batch = new FlatBuffer<float>(checked(plan.ShardSize * imageLength), state.Device, mirrored: state.Device.type is not TorchSharp.DeviceType.CPU);
    }

    /// <summary>
    /// Leaves the gradient in the updated networks' buffers, summed over the update's batches in their order, and the
    /// loss and its parts in <paramref name="watched"/>.
    /// </summary>
    /// <param name="overlap">Hears of gradients as they become complete; null: nobody does.</param>
    public void Run(PlannedUpdate update, PhaseVector vector, int step, int shard, Span<float> watched, BackwardOverlap? overlap = null)
    {
        foreach (var network in vector.Updated)
            network.ClearGradients();
        watched.Clear();
        for (int part = 0; part < training.Accumulate; part++)
            Run(update, vector, step, shard, part, watched, part == training.Accumulate - 1 ? overlap : null);

        foreach (var network in vector.Updated)
            network.VerifyHome();
        foreach (var network in state.Networks)
            network.Download();
    }

    public void Dispose() => batch.Dispose();

    private void Run(PlannedUpdate update, PhaseVector vector, int step, int shard, int part, Span<float> watched, BackwardOverlap? overlap)
    {
        using var scope = NewDisposeScope();
        if (overlap is null)
            Watch(update, Differentiate(update, step, shard, part), watched);
        else
            Watch(update, overlap.Watch(vector, () => Differentiate(update, step, shard, part)), watched);
    }

    private ShardLoss Differentiate(PlannedUpdate update, int step, int shard, int part)
    {
        TrainingTrace.Log.Phase(step, update.Index, TrainingTrace.Data);
        time.Enter(StepPhase.Data);
        var input = new Shard(
            Images(update, step, shard, part), plan.ShardSize, new NoiseSource(new RandomStream(Seed, Address(StreamPurpose.Training, update, step, shard, part)), state.Device));
        TrainingTrace.Log.Phase(step, update.Index, TrainingTrace.Forward);
        time.Enter(StepPhase.Forward);
        var loss = TorchGenerator.Use(training.Seed, Address(StreamPurpose.Dropout, update, step, shard, part), () => Forward(update.Phase, input));
        TrainingTrace.Log.Phase(step, update.Index, TrainingTrace.Backward);
        time.Enter(StepPhase.Backward);
        loss.Loss.backward();
        return loss;
    }

    private ShardLoss Forward(Phase phase, Shard input)
    {
        if (training.Precision is Precision.Float32)
            return phase.Loss(input);
        using var mixed = MixedPrecision.Use();
        return phase.Loss(input);
    }

    /// <summary>The shard's images, (B, C, H, W); none where the phase takes none.</summary>
    private Tensor Images(PlannedUpdate update, int step, int shard, int part)
    {
        if (update.Batch is not { } number)
            return empty([0, data.Channels, data.Size, data.Size], device: state.Device);

        long first = plan.FirstPosition(step, number, part, shard);
        for (int i = 0; i < plan.ShardSize; i++)
            data.Read(order[first + i], batch.Span.Slice(i * imageLength, imageLength));
        batch.Upload();
        time.Sees(plan.ShardSize);
        return batch.View(0, [plan.ShardSize, data.Channels, data.Size, data.Size]);
    }

    private void Watch(PlannedUpdate update, ShardLoss loss, Span<float> watched)
    {
        const int room = SlotLayout.Watched - 3; // one for the loss, two for votes
        if (loss.Parts.Count > room)
            throw new TrainingFailedException(FailureClass.UserError, $"phase '{update.Phase.Name}' watches {loss.Parts.Count} parts of its loss; at most {room} are allowed");

        watched[0] += loss.Loss.item<float>();
        foreach (var (i, part) in loss.Parts.Index())
            watched[i + 1] += part.Value.item<float>();
        if (state.PartNames[update.PhaseIndex].Length != loss.Parts.Count)
            state.PartNames[update.PhaseIndex] = [.. loss.Parts.Select(part => part.Name)];
    }

    private ulong Seed => unchecked((ulong)training.Seed);

    /// <summary>Every batch of an update has shards of its own as far as random numbers go.</summary>
    private StreamAddress Address(StreamPurpose purpose, PlannedUpdate update, int step, int shard, int part) =>
        new(purpose, (uint)step, (byte)update.Index, (ushort)((part * training.Shards) + shard));
}
