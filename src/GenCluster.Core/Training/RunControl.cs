using GenCluster.Core.Checkpoints;

namespace GenCluster.Core.Training;

/// <summary>
/// How others stop a run, or tell it that its gang has changed. Safe to use from any thread; orders are taken by the
/// run's own thread alone.
/// </summary>
public sealed class RunControl : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource abort = new();
    private readonly ManualResetEventSlim news = new();
    private CancellationTokenSource superseded = new();
    private CheckpointManifest[]? kept;
    private TrialOrder? pending;
    private TrialOrder? taken;
    private volatile bool drain;

    /// <summary>Set: finish the step, checkpoint, return <see cref="RunOutcome.Drained"/>.</summary>
    public bool DrainRequested => drain;

    /// <summary>Cancelled: stop now; the lease is gone and nothing may be written for it any more.</summary>
    public CancellationToken Aborted => abort.Token;

    /// <summary>
    /// Cancelled when a <see cref="TrialOrder.Forced"/> order arrives: whatever waits for the present gang waits in vain.
    /// Another token after each order that is taken; a run asks for it again before it joins a gang.
    /// </summary>
    public CancellationToken Superseded
    {
        get
        {
            lock (gate)
                return superseded.Token;
        }
    }

    /// <summary>The newest order that was not taken yet, or null. It stays.</summary>
    public TrialOrder? PendingOrder
    {
        get
        {
            lock (gate)
                return pending;
        }
    }

    /// <summary>The order that was taken last; null while the run goes by the one it began with.</summary>
    public TrialOrder? Taken
    {
        get
        {
            lock (gate)
                return taken;
        }
    }

    public void Drain()
    {
        drain = true;
        news.Set();
    }

    public void Abort()
    {
        abort.Cancel();
        news.Set();
    }

    /// <summary>The gang has changed. Only the order of the highest epoch counts; older and repeated ones are dropped.</summary>
    public void Regroup(TrialOrder order)
    {
        CancellationTokenSource? obsolete = null;
        lock (gate)
        {
            if (order.Lease.Epoch <= (pending ?? taken)?.Lease.Epoch)
                return;

            // A planned order may overtake a forced one that nobody has taken yet: the old gang is broken all the same.
            pending = order with { Forced = order.Forced || pending is { Forced: true } };
            if (order.Forced)
                obsolete = superseded;
        }

        obsolete?.Cancel(); // outside of the lock: what it wakes may ask for the order
        news.Set();
    }

    /// <summary>Takes the newest order: from now on the run goes by it. Null when there is none.</summary>
    public TrialOrder? TakeOrder()
    {
        lock (gate)
        {
            if (pending is null)
                return null;
            (taken, pending) = (pending, null);
            superseded = new CancellationTokenSource(); // the old one may have listeners still; it holds nothing to be freed
            return taken;
        }
    }

    /// <summary>Blocks until there is an order, and takes it. Null when a drain is requested instead: checkpoint what is held, and end.</summary>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    public TrialOrder? WaitForOrder()
    {
        while (true)
        {
            news.Reset(); // before looking, so that what comes after it is not missed
            Aborted.ThrowIfCancellationRequested();
            if (TakeOrder() is { } order)
                return order;
            if (drain)
                return null;
            news.Wait(Aborted);
        }
    }

    /// <summary>The journal now holds these checkpoints of the trial, and no others.</summary>
    public void Keep(CheckpointManifest[] checkpoints) => Volatile.Write(ref kept, checkpoints);

    /// <summary>
    /// The checkpoints that the journal holds, if that was heard since the last call; else null. Blobs of older ones
    /// may go.
    /// </summary>
    public CheckpointManifest[]? TakeKept() => Interlocked.Exchange(ref kept, null);

    public void Dispose()
    {
        abort.Dispose();
        news.Dispose();
    }
}
