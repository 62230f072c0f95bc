using GenCluster.Collectives.Feeds;
using GenCluster.Core.Training;
using GenCluster.Training.Elastic;
using GenCluster.Training.Loop;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Runner;

/// <summary>
/// Makes the members of a new gang equal. After a death some may have got the last sum and others not: the furthest
/// state counts, and those behind copy it from the first member that has it.
/// </summary>
internal sealed class CatchUp(TrialOrder order, TrainingState state, Trainer trainer, StateDesk desk, RunnerOptions options, RunControl control)
{
    /// <exception cref="FeedBrokenException">The state could not be copied.</exception>
    /// <exception cref="OperationCanceledException">Called away while members were awaited.</exception>
    public void Run()
    {
        var positions = trainer.CallTheRoll();
        var furthest = positions.MaxBy(position => position.Ordinal);
        int source = Array.IndexOf(positions, furthest);
        if (positions[order.Member] != furthest)
            CopyFrom(source);
        else if (order.Member == source)
            Serve(positions.Count(position => position != furthest));
        state.Votes &= ~Votes.Change; // the change is this one
    }

    private void Serve(int behind)
    {
        using var called = CancellationTokenSource.CreateLinkedTokenSource(control.Aborted, control.Superseded);
        desk.ServeCopies(behind, called.Token);
    }

    private void CopyFrom(int source)
    {
        using var called = CancellationTokenSource.CreateLinkedTokenSource(control.Aborted, control.Superseded);
        using var feed = FeedConnection.Dial(
            Invitations.ToFeed(order, state), Invitations.EndPointOf(order.Members[source]), options.Gang, called.Token);
        using var end = called.Token.Register(feed.Dispose);
        TrainingTrace.Log.Phase(state.Step, state.Position.Operation - 1, TrainingTrace.Copy);
        new StateReader(state, feed).Copy();
    }
}
