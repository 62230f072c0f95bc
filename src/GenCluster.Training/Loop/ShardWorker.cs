using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Models;
using GenCluster.Training.Storage;
using static TorchSharp.torch;

namespace GenCluster.Training.Loop;

/// <summary>Computes the loss and the gradient of one shard of one update. A pure function of state, step, update and shard.</summary>
internal sealed class ShardWorker : IDisposable
{
    private readonly TrainingState state;
    private readonly TrainingSpec training;
    private readonly StepPlan plan;
    private readonly ITrainingData data;
    private readonly DataOrder order;
    private readonly FlatBuffer<float> batch;
    private readonly int imageLength;

    public ShardWorker(TrainingState state, TrainingSpec training, StepPlan plan, ITrainingData data)
    {
        (this.state, this.training, this.plan, this.data) = (state, training, plan, data);
        order = new DataOrder(data.Count, training.Seed);
        imageLength = data.Channels * data.Size * data.Size;
        batch = new FlatBuffer<float>(checked(plan.ShardSize * imageLength), state.Device, mirrored: state.Device.type is not TorchSharp.DeviceType.CPU);
    }

    /// <summary>Leaves the gradient in the updated networks' buffers, and the loss and its parts in <paramref name="watched"/>.</summary>
    /// <returns>The names of the parts.</returns>
    public IReadOnlyList<string> Run(PlannedUpdate update, PhaseVector vector, int shard, Span<float> watched)
    {
        using var scope = NewDisposeScope();
        foreach (var network in vector.Updated)
            network.ClearGradients();

        var input = new Shard(Images(update, shard), plan.ShardSize, new NoiseSource(Stream(StreamPurpose.Training, update, shard), state.Device));
        var loss = TorchGenerator.Use(training.Seed, Address(StreamPurpose.Dropout, update, shard), () => update.Phase.Loss(input));
        loss.Loss.backward();

        foreach (var network in vector.Updated)
            network.VerifyHome();
        foreach (var network in state.Networks)
            network.Download();
        return Watch(update.Phase, loss, watched);
    }

    public void Dispose() => batch.Dispose();

    /// <summary>The shard's images, (B, C, H, W); none where the phase takes none.</summary>
    private Tensor Images(PlannedUpdate update, int shard)
    {
        if (update.Batch is not { } number)
            return empty([0, data.Channels, data.Size, data.Size], device: state.Device);

        long first = plan.FirstPosition(state.Step, number, shard);
        for (int i = 0; i < plan.ShardSize; i++)
            data.Read(order[first + i], batch.Span.Slice(i * imageLength, imageLength));
        batch.Upload();
        return batch.View(0, [plan.ShardSize, data.Channels, data.Size, data.Size]);
    }

    private static string[] Watch(Phase phase, ShardLoss loss, Span<float> watched)
    {
        const int room = PhaseVector.Watched - 2; // one for the loss, one for the votes to stop
        if (loss.Parts.Count > room)
            throw new TrainingFailedException(FailureClass.UserError, $"phase '{phase.Name}' watches {loss.Parts.Count} parts of its loss; at most {room} are allowed");

        watched.Clear();
        watched[0] = loss.Loss.item<float>();
        foreach (var (i, part) in loss.Parts.Index())
            watched[i + 1] = part.Value.item<float>();
        return [.. loss.Parts.Select(part => part.Name)];
    }

    private RandomStream Stream(StreamPurpose purpose, PlannedUpdate update, int shard) =>
        new(unchecked((ulong)training.Seed), Address(purpose, update, shard));

    private StreamAddress Address(StreamPurpose purpose, PlannedUpdate update, int shard) =>
        new(purpose, (uint)state.Step, (byte)update.Index, (ushort)shard);
}
