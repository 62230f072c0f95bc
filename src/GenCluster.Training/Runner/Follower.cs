using GenCluster.Collectives.Feeds;
using GenCluster.Core.Training;
using GenCluster.Training.Elastic;
using GenCluster.Training.Loop;
using GenCluster.Training.Tracing;

namespace GenCluster.Training.Runner;

/// <summary>
/// A worker that is to join a gang: copies the state of the last member and applies every sum after it, while the gang
/// trains on. It takes part from the step on after which the gang changes.
/// </summary>
internal sealed class Follower(TrialOrder order, TrainingState state, Trainer trainer, ITrialObserver observer, RunControl control, RunnerOptions options)
{
    /// <summary>Follows until the gang has ended, or another order makes this one void.</summary>
    public void Run()
    {
        while (control.PendingOrder is null)
        {
            try
            {
                if (FollowToTheEnd())
                    return;
            }
            catch (FeedBrokenException broken)
            {
                control.Aborted.ThrowIfCancellationRequested();
                observer.Warned($"following {order.Lease} from the beginning again: {broken.Message}");
            }
        }
    }

    private bool FollowToTheEnd()
    {
        using var called = CancellationTokenSource.CreateLinkedTokenSource(control.Aborted, control.Superseded);
        using var feed = FeedConnection.Dial(
            Invitations.ToFeed(order, state), Invitations.EndPointOf(order.Members[^1]), options.Gang, called.Token);
        using var end = called.Token.Register(feed.Dispose);
        var reader = new StateReader(state, feed);
        Trace(TrainingTrace.Copy);
        reader.Follow();
        while (true)
        {
            switch (reader.Next(trainer))
            {
                case FeedKind.Sum:
                    Trace(TrainingTrace.Follow);
                    trainer.Replay();
                    break;
                case FeedKind.CaughtUp:
                    observer.Joined(state.Step);
                    break;
                default:
                    return true;
            }
        }
    }

    private void Trace(string phase) => TrainingTrace.Log.Phase(state.Step, state.Position.Operation - 1, phase);
}
