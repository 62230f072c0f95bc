using System.Collections.Concurrent;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Gangs;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Elastic;

/// <summary>
/// Where a member of a gang gives out its state. Whoever wants it once, because it is behind, is served while the gang
/// waits; whoever wants to follow is served between two operations and goes on by itself.
/// </summary>
internal sealed class StateDesk : IDisposable
{
    private readonly TrainingState state;
    private readonly IDisposable? offer;
    private readonly BlockingCollection<FeedConnection> copying = [];
    private readonly ConcurrentQueue<FeedConnection> arrived = [];
    private readonly List<StateWriter> followers = [];
    private readonly int openedAt;

    /// <param name="listener">Where others connect; null for a worker without one, which gives out nothing.</param>
    public StateDesk(TrainingState state, GangListener? listener, FeedInvitation invitation)
    {
        this.state = state;
        openedAt = state.Step;
        offer = listener?.Offer(invitation, Admit);
    }

    /// <summary>Sends the state to <paramref name="count"/> members that are behind; training waits meanwhile.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while they were awaited.</exception>
    public void ServeCopies(int count, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            using var feed = copying.Take(cancellation);
            StateWriter.Send(state, feed);
        }
    }

    /// <summary>Begins with those that came to follow. To be called between two operations.</summary>
    public void ServeFollowers()
    {
        // In its first step a member does not know yet what the parts of all losses are called.
        while (state.Step > openedAt && arrived.TryDequeue(out var feed))
            followers.Add(new StateWriter(state, feed));
    }

    /// <summary>Gives the followers the sum of an operation, which lies in slot 0.</summary>
    public void Publish(Position position, int phase)
    {
        for (int i = followers.Count - 1; i >= 0; i--)
        {
            if (followers[i].TryAdd(position.Ordinal, state.Memory.Slot(0), state.Vectors.Phases[phase].AsSpan()))
                continue;
            followers[i].Dispose();
            followers.RemoveAt(i);
        }
    }

    /// <summary>The gang has ended. Followers still get what was published.</summary>
    public void Dispose()
    {
        offer?.Dispose();
        followers.ForEach(follower => follower.Complete());
        while (arrived.TryDequeue(out var feed))
            feed.Dispose();
        copying.CompleteAdding();
        foreach (var feed in copying.GetConsumingEnumerable())
            feed.Dispose();
        copying.Dispose();
    }

    private void Admit(FeedConnection feed)
    {
        try
        {
            switch ((FeedKind)feed.Read().Kind)
            {
                case FeedKind.AskState:
                    feed.ReadPayload([]);
                    copying.Add(feed);
                    break;
                case FeedKind.AskToFollow:
                    feed.ReadPayload([]);
                    arrived.Enqueue(feed);
                    break;
                default:
                    feed.Dispose();
                    break;
            }
        }
        catch (Exception e) when (e is FeedBrokenException or InvalidOperationException)
        {
            feed.Dispose(); // it left, or the desk has closed meanwhile
        }
    }
}
