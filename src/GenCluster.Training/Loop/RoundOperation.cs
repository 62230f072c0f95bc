using GenCluster.Core.Sweeps;
using GenCluster.Training.Metering;
using GenCluster.Training.Optimizers;
using GenCluster.Training.Storage;

namespace GenCluster.Training.Loop;

/// <summary>
/// A round of infrequent synchronisation (<see cref="OuterOptimizer"/>): each shard is a replica that trains alone for
/// some steps, on its slices of the batches and with an optimizer of its own; what the replicas have changed is averaged.
/// </summary>
/// <remarks>
/// The moments of the inner optimizer are averaged too, where Douillard et al. leave them with the replica. So the state
/// between two rounds is the same on all members, and a replica belongs to its shard, not to a worker: which worker
/// trains it does not show, and a worker that dies costs the round in flight.
/// </remarks>
internal sealed class RoundOperation : IOperation
{
    private readonly TrainingState state;
    private readonly TrainingSpec training;
    private readonly DilocoSpec spec;
    private readonly StepPlan plan;
    private readonly IReadOnlyList<PhaseVector> vectors;
    private readonly ShardWorker worker;
    private readonly BufferKeeper buffers;
    private readonly StepClock time;
    private readonly LossBook book;
    private readonly Start[] starts;

    public RoundOperation(
        TrainingState state, TrainingSpec training, StepPlan plan, IReadOnlyList<PhaseVector> vectors, ShardWorker worker, BufferKeeper buffers, StepClock time)
    {
        (this.state, this.training, this.plan, this.vectors, this.worker, this.buffers, this.time) = (state, training, plan, vectors, worker, buffers, time);
        spec = training.Diloco!;
        book = new LossBook(state, training);
        starts = [.. state.Networks.Select(network => new Start(network))];
    }

    public int Phase => state.Layout.RoundPhase;

    public bool MayOverlap => false;

    private Span<float> Slot => state.Memory.Slot(0);

    /// <summary>The steps that are finished after the round.</summary>
    private int End
    {
        get
        {
            int end = state.Step + 1;
            while (!spec.IsRoundEnd(end, training.Steps))
                end++;
            return end;
        }
    }

    public void Begin()
    {
        buffers.Remember();
        foreach (var start in starts)
            start.Remember();
    }

    public void Compute(int shard, Votes votes, BackwardOverlap? overlap)
    {
        Undo();
        var losses = Slot.Slice(state.Layout.RoundLosses.Start, state.Layout.RoundLosses.Length);
        Span<float> phases = stackalloc float[losses.Length];
        for (int step = state.Step; step < End; step++)
            Train(step, shard, phases);

        foreach (var (i, start) in starts.Index())
            start.WriteChange(Slot, state.Layout, i);
        Span<float> watched = stackalloc float[SlotLayout.Watched];
        LossBook.Vote(votes, watched);
        vectors[0].Gather(buffers, watched, Slot);
        phases.CopyTo(losses);
    }

    public void Undo()
    {
        buffers.Restore();
        foreach (var start in starts)
            start.Restore();
    }

    public StepResult? Apply()
    {
        int end = End, steps = end - state.Step;
        var losses = Slot.Slice(state.Layout.RoundLosses.Start, state.Layout.RoundLosses.Length);
        for (int phase = 0; phase < vectors.Count; phase++)
        {
            int repeats = plan.Updates.Count(update => update.PhaseIndex == phase);
            float scale = 1f / ((float)training.Shards * training.Accumulate * steps * repeats);
            var watched = losses.Slice(phase * SlotLayout.Watched, SlotLayout.Watched);
            book.CheckLoss(phase, watched[0] * scale);
            book.Write(phase, watched, scale);
        }

        state.Votes = Votes.None;
        book.Hear(vectors[0].WatchedOf(Slot));
        Undo();
        foreach (var (i, start) in starts.Index())
            start.Apply(spec, Slot, state.Layout, i, 1f / training.Shards, UpdatesOf(state.Networks[i]) * steps, state.OuterMomentum[i]);
        vectors[0].ScatterBuffers(buffers, Slot, 1f / training.Shards);
        return book.EndStep(end);
    }

    private int UpdatesOf(NetworkStorage network) => plan.Updates.Count(update => vectors[update.PhaseIndex].Updated.Contains(network));

    private void Train(int step, int shard, Span<float> losses)
    {
        Span<float> watched = stackalloc float[SlotLayout.Watched];
        foreach (var update in plan.Updates)
        {
            var vector = vectors[update.PhaseIndex];
            foreach (var network in state.Networks)
                network.Learn(vector.Updated.Contains(network));
            worker.Run(update, vector, step, shard, watched);
            time.Enter(StepPhase.Optim);
            UpdateOperation.Descend(update, vector, training, 1f / training.Accumulate);
            var sum = losses.Slice(update.PhaseIndex * SlotLayout.Watched, SlotLayout.Watched);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += watched[i];
        }
    }

    /// <summary>Where a network's replicas start from.</summary>
    private sealed class Start(NetworkStorage network)
    {
        private readonly float[] parameters = new float[network.Parameters.Length];
        private readonly float[] first = new float[network.Parameters.Length];
        private readonly float[] second = new float[network.Parameters.Length];
        private long updates;

        public void Remember()
        {
            network.Parameters.CopyTo(parameters);
            network.FirstMoment.CopyTo(first);
            network.SecondMoment.CopyTo(second);
            updates = network.Updates;
        }

        public void Restore()
        {
            parameters.CopyTo(network.Parameters);
            first.CopyTo(network.FirstMoment);
            second.CopyTo(network.SecondMoment);
            network.Updates = updates;
            network.UploadParameters();
        }

        public void WriteChange(Span<float> slot, SlotLayout layout, int i)
        {
            OuterOptimizer.Delta(parameters, network.Parameters, In(slot, layout.GradientsOf(i)));
            network.FirstMoment.CopyTo(In(slot, layout.FirstMomentOf(i)));
            network.SecondMoment.CopyTo(In(slot, layout.SecondMomentOf(i)));
        }

        public void Apply(DilocoSpec spec, Span<float> slot, SlotLayout layout, int i, float scale, int count, Span<float> momentum)
        {
            OuterOptimizer.Update(spec, network.Parameters, In(slot, layout.GradientsOf(i)), scale, momentum);
            Mean(In(slot, layout.FirstMomentOf(i)), scale, network.FirstMoment);
            Mean(In(slot, layout.SecondMomentOf(i)), scale, network.SecondMoment);
            network.Updates = updates + count;
            network.UploadParameters();
            if (network.AverageDecay is { } decay)
                MovingAverage.Update(network.Average, network.Parameters, Math.Pow(decay, count)); // one step for all updates of the round
        }

        private static void Mean(ReadOnlySpan<float> sum, float scale, Span<float> mean)
        {
            for (int i = 0; i < sum.Length; i++)
                mean[i] = sum[i] * scale;
        }

        private static Span<float> In(Span<float> slot, Collectives.Tree.Bucket place) => slot.Slice(place.Start, place.Length);
    }
}
