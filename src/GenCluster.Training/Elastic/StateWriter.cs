using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using GenCluster.Collectives.Feeds;
using GenCluster.Collectives.Tree;
using GenCluster.Training.Loop;

namespace GenCluster.Training.Elastic;

/// <summary>
/// Sends a member's state to one that follows, from a thread of its own: a copy of the state as it was, and then every
/// sum, while training goes on. A follower that falls too far behind is let go; it may come again.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private const long MostWaiting = 256L * 1024 * 1024; // bytes of sums that wait to be sent
    private const int FewestWaiting = 4;

    private readonly FeedConnection feed;
    private readonly BlockingCollection<(long Position, byte[][] Buckets)> sums;
    private readonly byte[] notes;
    private readonly byte[][] parts;

    public StateWriter(TrainingState state, FeedConnection feed)
    {
        this.feed = feed;
        sums = new((int)Math.Max(FewestWaiting, MostWaiting / ((long)state.Vectors.Capacity * sizeof(float))));
        notes = Notes.Of(state).Write();
        parts = [.. Enumerable.Range(0, StateParts.Count(state)).Select(part => StateParts.Part(state, part).ToArray())];
        new Thread(Run) { IsBackground = true, Name = "state feed" }.Start();
    }

    /// <summary>Sends the state as it is, once, on the calling thread.</summary>
    public static void Send(TrainingState state, FeedConnection feed)
    {
        feed.Write((byte)FeedKind.Notes, 0, Notes.Of(state).Write());
        for (int part = 0; part < StateParts.Count(state); part++)
            feed.Write((byte)FeedKind.Part, part, StateParts.Part(state, part));
    }

    /// <summary>Takes a copy of the sum of an operation. False when the follower is too far behind, or gone.</summary>
    public bool TryAdd(long position, ReadOnlySpan<float> slot, ReadOnlySpan<Bucket> buckets)
    {
        if (sums.IsAddingCompleted || sums.Count == sums.BoundedCapacity)
            return false;
        var copies = new byte[buckets.Length][];
        for (int i = 0; i < buckets.Length; i++)
            copies[i] = MemoryMarshal.AsBytes(slot.Slice(buckets[i].Start, buckets[i].Length)).ToArray();
        return !sums.IsAddingCompleted && sums.TryAdd((position, copies));
    }

    /// <summary>No more sums come. What was added is still sent, without anybody waiting for it.</summary>
    public void Complete() => sums.CompleteAdding();

    /// <summary>Lets the follower go.</summary>
    public void Dispose()
    {
        sums.CompleteAdding();
        feed.Dispose();
    }

    private void Run()
    {
        try
        {
            feed.Write((byte)FeedKind.Notes, 0, notes);
            foreach (var (part, bytes) in parts.Index())
                feed.Write((byte)FeedKind.Part, part, bytes);
            Array.Clear(parts);
            SendSums();
            feed.Write((byte)FeedKind.End, 0, []);
        }
        catch (Exception e) when (e is FeedBrokenException or ObjectDisposedException)
        {
            // The follower is gone, or was let go.
        }
        finally
        {
            sums.CompleteAdding();
            feed.Dispose();
        }
    }

    private void SendSums()
    {
        bool caughtUp = false;
        while (true)
        {
            if (!caughtUp && sums.Count == 0)
            {
                feed.Write((byte)FeedKind.CaughtUp, 0, []);
                caughtUp = true;
            }

            if (!sums.TryTake(out var sum, Timeout.Infinite))
                return;
            foreach (byte[] bucket in sum.Buckets)
                feed.Write((byte)FeedKind.Sum, sum.Position, bucket);
        }
    }
}
