using System.Collections.Immutable;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Gangs;

/// <summary>
/// Reduces buckets on a thread of its own while the caller still computes others: the caller says when a bucket is complete, and
/// they are reduced in one order that all members keep, whatever order they become complete in.
/// <code>
/// using var overlap = new OverlappedReduction(gang, vectors);
/// vectors.Begin(phase);
/// overlap.Begin(position);
/// …vectors.Commit(shard, bucket); overlap.Ready(bucket);      // in the backward pass, as soon as nothing changes it any more
/// overlap.Finish();                                           // now all sums are in slot 0
/// </code>
/// </summary>
public sealed class OverlappedReduction : IDisposable
{
    private readonly IGang gang;
    private readonly ShardAccumulator vectors;
    private readonly Thread thread;
    private readonly object gate = new(); // held only to look and to tell, never while reducing
    private readonly bool[] ready;
    private ImmutableArray<int> order = [];
    private int next; // in order
    private long position;
    private Exception? failure;
    private bool disposed;

    /// <summary>Starts the thread. Gang and vectors stay the caller's, but between Begin and Finish the gang is this one's.</summary>
    public OverlappedReduction(IGang gang, ShardAccumulator vectors)
    {
        this.gang = gang;
        this.vectors = vectors;
        ready = new bool[vectors.Plan.Layout.Phases.Max(phase => phase.Length)];
        thread = new Thread(Run) { IsBackground = true, Name = $"reduction of member {gang.Member}" };
        thread.Start();
    }

    /// <summary>Starts on the buckets of the vectors' phase.</summary>
    /// <param name="order">In which order they are reduced, alike on all members: best the one in which they become complete. As in the layout if not given.</param>
    /// <exception cref="InvalidOperationException">The last ones are not finished.</exception>
    public void Begin(long position, ImmutableArray<int> order = default)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (next < this.order.Length && failure is null)
            {
                throw new InvalidOperationException($"{this.order.Length - next} buckets of position {this.position} are not reduced yet; call Finish first");
            }

            var buckets = Enumerable.Range(0, vectors.Buckets.Length);
            if (!order.IsDefault && !order.Order().SequenceEqual(buckets))
            {
                throw new ArgumentException($"the order {string.Join(", ", order)} does not name each of the phase's {vectors.Buckets.Length} buckets once", nameof(order));
            }

            this.order = order.IsDefault ? [.. buckets] : order;
            this.position = position;
            next = 0;
            failure = null;
            Array.Clear(ready);
        }
    }

    /// <summary>Says that a bucket is complete: all shards are committed and nobody writes to it until <see cref="Finish"/>. From any thread.</summary>
    public void Ready(int bucket)
    {
        lock (gate)
        {
            ready[bucket] = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until every bucket is reduced; all must have been said to be ready.</summary>
    /// <exception cref="GangBrokenException">A sum did not come about.</exception>
    public void Finish()
    {
        lock (gate)
        {
            for (var i = next; i < order.Length; i++)
            {
                if (!ready[order[i]])
                {
                    throw new InvalidOperationException($"bucket {order[i]} of position {position} was not said to be ready");
                }
            }

            while (next < order.Length && failure is null)
            {
                Monitor.Wait(gate);
            }

            if (failure is GangBrokenException broken)
            {
                throw new GangBrokenException(broken) { Refusal = broken.Refusal };
            }

            if (failure is { } other)
            {
                throw new InvalidOperationException($"position {position} could not be reduced: {other.Message}", other);
            }
        }
    }

    /// <summary>Ends the thread. If it is reducing, the gang is aborted.</summary>
    public void Dispose()
    {
        bool busy;
        lock (gate)
        {
            disposed = true;
            busy = next < order.Length && failure is null && ready[order[next]];
            Monitor.PulseAll(gate);
        }

        if (busy)
        {
            gang.Abort();
        }

        thread.Join();
    }

    private void Run()
    {
        while (TakeNext() is { } bucket)
        {
            Exception? failed = null;
            try
            {
                gang.Reduce(vectors, bucket, position);
            }
            catch (Exception e)
            {
                failed = e; // told by Finish
            }

            lock (gate)
            {
                failure = failed;
                next++;
                Monitor.PulseAll(gate);
            }
        }
    }

    private int? TakeNext()
    {
        lock (gate)
        {
            while (!disposed && !(next < order.Length && failure is null && ready[order[next]]))
            {
                Monitor.Wait(gate);
            }

            return disposed ? null : order[next];
        }
    }
}
