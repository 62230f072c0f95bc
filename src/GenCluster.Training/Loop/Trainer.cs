using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Gangs;
using GenCluster.Collectives.Tree;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Loop;

/// <summary>
/// The training loop, once for all models and gangs. A step is the model's phases in order; each operation of it is:
/// compute this member's shards, sum over the gang, apply. Every member applies the same sum to the same state, so the state is a
/// fold over the sums: whoever has an older one catches up by applying those that it missed (<see cref="Replay"/>).
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingState state;
    private readonly TrainingSpec training;
    private readonly ICodec? codec;
    private readonly ShardWorker worker;
    private readonly IOperation[] operations;
    private readonly BackwardOverlap? overlap;
    private IGang? gang;
    private ShardAccumulator? accumulator;
    private Residuals? residuals;

    /// <summary>A trainer that goes on from the state as it is.</summary>
    /// <exception cref="TrainingFailedException">Model, data and numbers do not fit.</exception>
    public Trainer(TrainingState state, TrainingSpec training, ITrainingData data)
    {
        (this.state, this.training) = (state, training);
        codec = Handover.CodecOf(training);
        var plan = new StepPlan(state.Model, training);
        PhaseVector[] vectors = [.. state.Model.Phases.Select(phase => new PhaseVector(phase, state.Networks, state.Layout))];
        var keeper = new BufferKeeper(state.Networks);
        worker = new ShardWorker(state, training, plan, data, Clock);
        operations = training.Diloco is null
            ? [.. plan.Updates.Select(update => new UpdateOperation(update, vectors[update.PhaseIndex], state, training, plan.Updates.Count, worker, keeper, Clock))]
            : [new RoundOperation(state, training, plan, vectors, worker, keeper, Clock)];
        overlap = state.Overlaps ? new BackwardOverlap(state) : null;
        foreach (var network in state.Model.Networks)
            network.Module.train();
    }

    /// <summary>How this member's time goes.</summary>
    public StepClock Clock { get; } = new();

    /// <summary>The phase of the vectors whose sum is the coming operation: of an update, or of the bulletin.</summary>
    public int PhaseInHand => EvaluationIsDue ? state.Layout.BulletinPhase : Next.Phase;

    private IOperation Next => operations[Math.Max(state.Position.Operation, 1) - 1];

    private Span<float> Slot => state.Memory.Slot(0);

    /// <summary>
    /// Sums over this gang from now on. It stays the caller's. Nothing is left out yet by any code, so the state has to be one that
    /// can be handed on (<see cref="Handover"/>).
    /// </summary>
    /// <param name="gang">Joined with a plan for the state's <see cref="TrainingState.Vectors"/>.</param>
    public void Join(IGang gang)
    {
        this.gang = gang;
        residuals = codec is null ? null : new Residuals(state.Vectors, training.Shards);
        accumulator = new ShardAccumulator(
            gang.Plan, gang.Member, state.Memory, residuals is null ? null : new Coding(codec!, residuals, state.Layout.IsGradients));
        overlap?.Join(gang, accumulator);
        Clock.Joined(gang);
    }

    /// <summary>
    /// Says how far this member is and hears how far the others are; the first thing to do in a gang. Whoever is behind
    /// the furthest then has to catch up with it.
    /// </summary>
    /// <returns>The position of every member.</returns>
    /// <exception cref="GangBrokenException">A peer is gone.</exception>
    public Position[] CallTheRoll()
    {
        SumOwn(state.Layout.RollPhase, numbers => Roll.Write(state.Position, gang!.Member, numbers), SlotLayout.RollLength, ordinal: 0);
        return Roll.Read(Slot, gang!.Plan.Members);
    }

    /// <summary>Whether the coming operation is an evaluation; if so, <see cref="Share"/> is next.</summary>
    public bool EvaluationIsDue => state.Position.Operation == 0;

    /// <summary>Gives the leader's evaluation to every member and leaves the operation behind.</summary>
    /// <param name="mine">The leader's; null on the others.</param>
    /// <exception cref="GangBrokenException">A peer is gone.</exception>
    public void Share(MetricReport? mine)
    {
        byte[] message = mine is null ? [] : Notes.Write(mine);
        SumOwn(state.Layout.BulletinPhase, numbers => Bulletin.Write(message, numbers), SlotLayout.BulletinLength, state.Position.Ordinal);
        Replay();
    }

    /// <summary>Trains what is left of the step.</summary>
    /// <inheritdoc cref="Update"/>
    public StepResult Step(Votes votes = Votes.None, CancellationToken cancellation = default)
    {
        StepResult? result;
        do
            result = Update(votes, cancellation);
        while (result is null);
        return result;
    }

    /// <summary>Trains one update.</summary>
    /// <param name="votes">What this member asks for.</param>
    /// <param name="cancellation">Leaves the update in the middle; the state is as before it.</param>
    /// <returns>The step's result, if it was the step's last update; else null.</returns>
    /// <exception cref="TrainingFailedException">A loss or gradient is not finite, on every member alike; nothing is applied of it.</exception>
    /// <exception cref="GangBrokenException">A peer is gone; nothing is applied.</exception>
    public StepResult? Update(Votes votes = Votes.None, CancellationToken cancellation = default)
    {
        var operation = Next;
        operation.Begin();
        try
        {
            Sum(operation, votes, cancellation);
        }
        catch
        {
            Clock.Breaks();
            operation.Undo();
            throw;
        }

        var result = Apply(operation);
        Clock.Ends();
        return result;
    }

    /// <summary>Applies the coming operation's sum, which lies in slot 0: that of another gang of the same trial, perhaps.</summary>
    /// <returns>As <see cref="Update"/>.</returns>
    public StepResult? Replay()
    {
        if (EvaluationIsDue)
        {
            state.Reports.Add(Notes.ReadReport(Bulletin.Read(Slot)));
            state.Position = state.Position with { Operation = 1 };
            return null;
        }

        var operation = Next;
        operation.Begin();
        return Apply(operation);
    }

    public void Dispose()
    {
        overlap?.Dispose();
        worker.Dispose();
    }

    private StepResult? Apply(IOperation operation)
    {
        Trace(TrainingTrace.Apply);
        var result = operation.Apply();
        if (result is not null && training.IsCheckpointedAt(result.Step))
            residuals?.Forget();
        if (result is not null)
            TrainingTrace.Log.Step(result.Step);
        return result;
    }

    private void Sum(IOperation operation, Votes votes, CancellationToken cancellation)
    {
        Clock.Computes();
        accumulator!.Begin(operation.Phase);
        var shards = gang!.Plan.Ranges[gang.Member];
        var last = operation.MayOverlap ? overlap : null;
        for (int shard = shards.First; shard < shards.End; shard++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (last is not null && shard == shards.End - 1)
            {
                last.Begin(shard, state.Position.Ordinal);
                operation.Compute(shard, votes, last);
            }
            else
            {
                operation.Compute(shard, votes);
                accumulator.Commit(shard);
            }
        }

        Clock.Waits(shards.Count);
        Trace(TrainingTrace.Reduce);
        if (last is null)
            gang.AllReduce(accumulator, state.Position.Ordinal);
        else
            last.Finish();
        Clock.Applies();
    }

    private void Trace(string phase) => TrainingTrace.Log.Phase(state.Step, state.Position.Operation - 1, phase);

    /// <summary>Sums numbers that only this member's first shard has anything to say about.</summary>
    private void SumOwn(int phase, Action<Span<float>> write, int length, long ordinal)
    {
        var shards = gang!.Plan.Ranges[gang.Member];
        accumulator!.Begin(phase);
        for (int shard = shards.First; shard < shards.End; shard++)
        {
            if (shard == shards.First)
                write(accumulator.Vector);
            else
                accumulator.Vector[..length].Clear();
            accumulator.Commit(shard);
        }

        gang.AllReduce(accumulator, ordinal);
    }
}
