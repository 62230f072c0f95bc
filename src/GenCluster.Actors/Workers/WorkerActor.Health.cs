using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Workers;

/// <summary>How sure the worker is of its lease, and whether its run moves.</summary>
public sealed partial class WorkerActor
{
    private static readonly TimeSpan StuckTime = TimeSpan.FromSeconds(5);

    private readonly TimeProvider clock = new SchedulerClock(Context.System.Scheduler);
    private readonly OwnLease lease;
    private long looks;
    private string? stuck; // why this process can do nothing any more

    private void SendHeartbeat()
    {
        lastBeat = Now;
        coordinator.Tell(new FromWorker.Heartbeat(settings.Worker, settings.Instance, Held, highestEpoch, lease.Beat()));
    }

    private void Measure(bool isAttached) => meters.Ticks(Now, HeartbeatPace.Tick, isAttached, run is not null, outbox.Count);

    private void Confirm(long answered)
    {
        if (lease.Answered(answered))
            run?.Confirm(lease.ConfirmedAt);
    }

    /// <summary>
    /// A thread that hangs in a device cannot be stopped. The trial is given back, and this process has to end; another one
    /// may do better.
    /// </summary>
    private void LookAtRun()
    {
        if (run is null || stuck is not null)
            return;
        var (beats, works) = run.Control.Pulse.Reading;
        if (run.Watch.Look(beats, works, ++looks * HeartbeatPace.Tick) is not { } what) // time in which this process was awake
            return;
        log.Error("{0} {1}", run.Order.Lease, what);
        stuck = $"{settings.Worker} {what}";
        run.Control.Abort();
        meters.Broke(FailureClass.Lost);
        SayDurably(new FromWorker.RunEnded(run.Order.Lease, run.Order.Member, new RunOutcome.Broken(FailureClass.Lost, Talk.Plain(stuck))));
        Timers.StartSingleTimer(StuckLongEnough.Instance, StuckLongEnough.Instance, StuckTime);
    }

    private void TellIfStuck()
    {
        if (stuck is not null && outbox.IsEmpty)
            Publish();
    }

    private void Publish() => Context.System.EventStream.Publish(new WorkerStuck(stuck!));

    private sealed record StuckLongEnough : ILocal
    {
        public static readonly StuckLongEnough Instance = new();
    }
}

/// <summary>The worker's run hangs and cannot be stopped; the process is to end. Published on the event stream for the host to act on.</summary>
public sealed record WorkerStuck(string Reason);
