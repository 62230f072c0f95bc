using GenCluster.Core.Sweeps;
using GenCluster.Training.Optimizers;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>One update of one phase: shards give gradients, their mean moves the networks that the phase updates.</summary>
internal sealed class UpdateOperation(
    PlannedUpdate update, PhaseVector vector, TrainingState state, TrainingSpec training, int updates, ShardWorker worker, BufferKeeper keeper, StepClock time) : IOperation
{
    private readonly LossBook book = new(state, training);
    private readonly float scale = 1f / (training.Shards * training.Accumulate);

    public int Phase => update.PhaseIndex;

    public bool MayOverlap => !update.Phase.TwiceDifferentiated;

    private Span<float> Slot => state.Memory.Slot(0);

    public void Begin()
    {
        foreach (var network in state.Networks)
            network.Learn(vector.Updated.Contains(network));
        keeper.Remember();
    }

    public void Compute(int shard, Votes votes, BackwardOverlap? overlap)
    {
        Span<float> watched = stackalloc float[SlotLayout.Watched];
        keeper.Restore();
        worker.Run(update, vector, state.Step, shard, watched, overlap);
        LossBook.Vote(votes, watched);
        vector.Gather(keeper, watched, Slot);
    }

    public void Undo() => keeper.Restore();

    public StepResult? Apply()
    {
        var watched = vector.WatchedOf(Slot);
        book.CheckLoss(update.PhaseIndex, watched[0] * scale);
        if (!vector.Updated.All(network => Finite.All(network.Gradients)))
            throw book.NotFinite(update.PhaseIndex, "gradient is not finite");

        TellNorms();
        if (update.Index == 0)
            state.Votes = Votes.None;
        book.Hear(watched);
        book.Write(update.PhaseIndex, watched, scale);
        Descend(update, vector, training, scale);
        foreach (var network in vector.Updated)
        {
            if (network.AverageDecay is { } decay)
                MovingAverage.Update(network.Average, network.Parameters, decay);
        }

        vector.ScatterBuffers(keeper, Slot, 1f / training.Shards);
        state.Position = state.Position with { Operation = update.Index + 2 };
        return update.Index + 1 == updates ? book.EndStep(state.Step + 1) : null;
    }

    private void TellNorms()
    {
        if (!time.WantsNorms)
            return;
        foreach (var network in vector.Updated)
            time.Sees(network.Name, Math.Sqrt(GradientNorm.SumOfSquares(network.Gradients)) * scale);
    }

    /// <summary>Moves the networks of a phase along the gradients in their storage.</summary>
    /// <param name="scale">One over the number of losses that the gradients are summed over.</param>
    public static void Descend(PlannedUpdate update, PhaseVector vector, TrainingSpec training, float scale)
    {
        float factor = scale * ClippingOf(vector, training, scale);
        foreach (var network in vector.Updated)
        {
            network.Updates++;
            Optimizer.Update(
                update.Phase.Optimizer, network.Parameters, network.Gradients, factor, network.FirstMoment, network.SecondMoment, network.Updates);
            network.UploadParameters();
        }
    }

    /// <summary>What the gradient is multiplied with to keep its norm, over all networks of the update, within the limit.</summary>
    private static float ClippingOf(PhaseVector vector, TrainingSpec training, float scale)
    {
        if (training.ClipNorm is not { } limit)
            return 1;
        double squares = 0;
        foreach (var network in vector.Updated)
            squares += GradientNorm.SumOfSquares(network.Gradients);
        return GradientNorm.Coefficient(Math.Sqrt(squares) * scale, limit);
    }
}
