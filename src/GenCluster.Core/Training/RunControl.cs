using GenCluster.Core.Checkpoints;

namespace GenCluster.Core.Training;

/// <summary>
/// How others stop a run, or tell it that its gang has changed. Safe to use from any thread; orders are taken by the
/// run's own thread alone.
/// </summary>
/// <param name="clock">A monotonic one, for the lease; null where nobody confirms it: it is taken to be in force.</param>
public sealed class RunControl(TimeProvider? clock = null) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource abort = new();
    private readonly ManualResetEventSlim news = new();
    private CancellationTokenSource superseded = new();
    private CheckpointAnswer? answer;
    private TrialOrder? pending;
    private TrialOrder? taken;
    private volatile bool drain;
    private volatile bool finish;
    private long confirmedUntil = long.MinValue; // a timestamp of the clock

    /// <summary>Set: finish the step, checkpoint, return <see cref="RunOutcome.Drained"/>.</summary>
    public bool DrainRequested => drain;

    /// <summary>Besides <see cref="DrainRequested"/>: what is reached then is the result, so return <see cref="RunOutcome.Completed"/>.</summary>
    public bool FinishRequested => finish;

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

    /// <summary>Shows others whether the run moves.</summary>
    public RunPulse Pulse { get; } = new();

    /// <summary>
    /// Whether the lease is surely in force: the coordinator said so a moment ago. Where it is not, the run trains on, as the
    /// coordinator may just be away; but what others would stumble over is not written, as another may have the lease by now.
    /// </summary>
    public bool IsConfirmed => clock is null || clock.GetTimestamp() < Volatile.Read(ref confirmedUntil);

    /// <summary>The lease was in force at <paramref name="timestamp"/> of the clock; that counts for so long.</summary>
    public void Confirm(long timestamp, TimeSpan lasting)
    {
        if (clock is null)
            return;
        Volatile.Write(ref confirmedUntil, timestamp + (long)(lasting.TotalSeconds * clock.TimestampFrequency));
        news.Set();
    }

    /// <summary>Blocks until the lease is confirmed.</summary>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    public void WaitUntilConfirmed()
    {
        while (true)
        {
            news.Reset(); // before looking, so that what comes after it is not missed
            Aborted.ThrowIfCancellationRequested();
            if (IsConfirmed)
                return;
            news.Wait(Aborted);
        }
    }

    /// <param name="andFinish">What is reached then is the result.</param>
    public void Drain(bool andFinish = false)
    {
        finish |= andFinish;
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

    /// <summary>Blocks until there is an order, and takes it. Null when a drain is requested instead, and nothing would be lost by it.</summary>
    /// <param name="mayDrain">False: what is held is in no checkpoint; a gang forms once more, so that it can be stored.</param>
    /// <exception cref="OperationCanceledException">The run was aborted.</exception>
    public TrialOrder? WaitForOrder(bool mayDrain = true)
    {
        while (true)
        {
            news.Reset(); // before looking, so that what comes after it is not missed
            Aborted.ThrowIfCancellationRequested();
            if (TakeOrder() is { } order)
                return order;
            if (drain && mayDrain)
                return null;
            news.Wait(Aborted);
        }
    }

    /// <summary>The journal has decided on the checkpoint of a step, and holds these of the trial from then on.</summary>
    public void Keep(CheckpointAnswer heard) => Volatile.Write(ref answer, heard);

    /// <summary>The newest answer of the journal about a checkpoint, if there was one since the last call; else null.</summary>
    public CheckpointAnswer? TakeKept() => Interlocked.Exchange(ref answer, null);

    public void Dispose()
    {
        abort.Dispose();
        news.Dispose();
    }
}

/// <summary>What the journal said when it was told of a checkpoint.</summary>
/// <param name="Epoch">Of the lease under which it was told.</param>
/// <param name="Committed">The highest step that it has taken a checkpoint of: all up to it are decided on.</param>
/// <param name="Kept">The trial's checkpoints from then on; the blobs of others may go.</param>
public sealed record CheckpointAnswer(long Epoch, int Committed, CheckpointManifest[] Kept);
