using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Workers;

/// <summary>Who a worker is and where it finds the coordinator.</summary>
/// <param name="Contacts">Coordinator nodes, e.g. <c>akka.tcp://gencluster@10.0.0.1:4053</c>; one of them rules.</param>
/// <param name="Device">For people: <c>cpu</c>, or the name of the GPU.</param>
/// <param name="Host">Address of its data plane.</param>
public sealed record WorkerSettings(WorkerId Worker, Guid Instance, IReadOnlyList<string> Contacts, string Device, string Host, int Port)
{
    /// <summary>The memory of a device that several workers of this host own together; null: it has none to share.</summary>
    public DeviceMemory? Shared { get; init; }
}

/// <summary>
/// A worker's voice: says hello until it is welcomed, keeps the lease alive, starts and stops the run, and keeps what
/// must not be lost until the coordinator has written it down.
/// </summary>
public sealed partial class WorkerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ResendInterval = TimeSpan.FromSeconds(2);

    private readonly WorkerSettings settings;
    private readonly IRunStarter starter;
    private readonly Outbox outbox = new();
    private readonly WorkerMeters meters = WorkerMeters.Of(Context.System);
    private readonly ILoggingAdapter log = Context.GetLogger();

    private IActorRef coordinator = ActorRefs.Nobody;
    private long highestEpoch;
    private TimeSpan lastHeard;
    private TimeSpan lastBeat;
    private TimeSpan lastResend;
    private RunThread? run;
    private TrialOrder? next;
    private Lease? ended;
    private IActorRef? leaver;

    public WorkerActor(WorkerSettings settings, ITrialRunner runner)
        : this(settings, new ThreadStarter(runner))
    {
    }

    internal WorkerActor(WorkerSettings settings, IRunStarter starter)
    {
        this.settings = settings;
        this.starter = starter;
        lease = new OwnLease(clock);
        Detached();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The lease it works under, or still has something to say about.</summary>
    private Lease? Held => run?.Order.Lease ?? outbox.Lease;

    public static Props PropsFor(WorkerSettings settings, ITrialRunner runner) => Props.Create(() => new WorkerActor(settings, runner));

    /// <summary>Asks to leave: the run is drained and what it said is written down first. Answered by <see cref="Left"/>.</summary>
    public sealed record Leave : ILocal
    {
        public static readonly Leave Instance = new();
    }

    /// <summary>Nothing is left to do.</summary>
    public sealed record Left : ILocal
    {
        public static readonly Left Instance = new();
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, HeartbeatPace.Tick);
    }

    protected override void PostStop() => run?.Control.Abort();

    private void Detached()
    {
        Receive<Tick>(_ =>
        {
            Measure(isAttached: false);
            LookAtRun();
            SayHello();
        });
        Receive<ToWorker.Welcome>(IsCurrent, welcome =>
        {
            coordinator = Sender;
            highestEpoch = welcome.Epoch;
            lastHeard = Now;
            log.Info("attached to {0}, epoch {1}", Sender.Path.Address, welcome.Epoch);
            Become(Attached);
            SendHeartbeat(); // it says that the welcome was heard; its answer makes the lease sure
            Resend();
        });
        Receive<ToWorker.Rejected>(m =>
        {
            log.Error("{0}", m.Reason);
            Context.System.EventStream.Publish(new WorkerRejected(m.Reason));
        });
        Always();
    }

    private void Attached()
    {
        Receive<Tick>(_ =>
        {
            Measure(isAttached: true);
            LookAtRun();
            Beat();
        });
        Receive<ToWorker.HeartbeatAck>(m => m.Epoch >= highestEpoch, m =>
        {
            lastHeard = Now;
            if (m.Known)
                Confirm(m.Number);
            else if (leaver is null)
                Detach("the coordinator does not know this worker");
        });
        Receive<DisassociatedEvent>(m =>
        {
            if (m.RemoteAddress.Equals(coordinator.Path.Address))
                Detach("the connection closed");
        });
        Receive<ToWorker.RunTrial>(m => m.Epoch >= highestEpoch, m => Take(m.Order));
        Receive<ToWorker.StopRun>(m => m.Epoch >= highestEpoch, Stop);
        Always();
    }

    private void Always()
    {
        Receive<ToWorker.ReportAccepted>(m =>
        {
            outbox.Remove<FromWorker.EvaluationReported>(e => e.Lease == m.Lease && e.Report.Step == m.Step);
            SayEnd();
        });
        Receive<ToWorker.CheckpointAccepted>(m =>
        {
            outbox.RemoveFirst<FromWorker.CheckpointStored>(c => c.Lease == m.Lease && c.Manifest.Step == m.Step);
            meters.Committed(m.Step, Now);
            if (run?.Order.Lease.Trial == m.Lease.Trial)
                run.Control.Keep(new CheckpointAnswer(m.Lease.Epoch, m.Committed, m.Kept));
            SayEnd();
        });
        Receive<ToWorker.OutcomeAccepted>(m =>
        {
            outbox.Forget(m.Lease);
            TellIfStuck();
            LeaveIfDone();
        });
        Receive<ToWorker.LeaseOver>(m =>
        {
            outbox.Forget(m.Lease);
            TellIfStuck();
            if (Covers(m.Lease, next))
                next = null;
            if (Covers(m.Lease, run?.Order))
                run!.Control.Abort();
            LeaveIfDone();
        });
        Receive<Voice.Said>(Say);
        Receive<RunThread.Finished>(Finish);
        Receive<Leave>(_ => BeginToLeave());
        Receive<StuckLongEnough>(_ => Publish());
        Receive<DisassociatedEvent>(_ => { });
        Receive<ToWorker.Welcome>(m => m.Epoch < highestEpoch, _ => Correct());
        Receive<ToWorker.HeartbeatAck>(m => m.Epoch < highestEpoch, _ => Correct());
        Receive<ToWorker.RunTrial>(m => m.Epoch < highestEpoch, _ => meters.Stale.Record());
        Receive<ToWorker.StopRun>(m => m.Epoch < highestEpoch, _ => meters.Stale.Record());
        Receive<ToWorker.Welcome>(_ => { }); // a second answer to a repeated hello
    }

    /// <summary>Tells a coordinator that was frozen, and does not know it yet, that another rules.</summary>
    private void Correct()
    {
        meters.Stale.Record();
        Sender.Tell(new FromWorker.Heartbeat(settings.Worker, settings.Instance, Held, highestEpoch));
    }

    private bool IsCurrent(ToWorker.Welcome welcome) => welcome.Epoch >= highestEpoch;

    private void SayHello()
    {
        var hello = new FromWorker.Hello(
            FromWorker.ProtocolVersion, settings.Worker, settings.Instance, settings.Device, settings.Host, settings.Port, Held, settings.Shared, highestEpoch);
        foreach (string contact in settings.Contacts)
            Context.ActorSelection(contact + Coordination.CoordinatorHosting.CoordinatorPath).Tell(hello);
    }

    private void Beat()
    {
        bool isIdle = Held is null && leaver is null;
        var limit = HeartbeatPace.SilenceLimit(isIdle);
        if (Now - lastHeard > limit)
        {
            Detach($"the coordinator was silent for {limit.TotalSeconds:0.#} s");
            return;
        }

        if (HeartbeatPace.IsDue(isIdle, Now - lastBeat))
            SendHeartbeat();
        if (Now - lastResend > ResendInterval)
            Resend();
    }

    private void Detach(string reason)
    {
        log.Warning("detached: {0}", reason);
        coordinator = ActorRefs.Nobody;
        Become(Detached);
    }

    private void Resend()
    {
        lastResend = Now;
        foreach (var message in outbox.Due)
            coordinator.Tell(message);
        if (leaver is not null)
            SayGoodbye();
    }

    private void Take(TrialOrder order)
    {
        if (IsOld(order) || stuck is not null)
            return; // heard before, or for nothing
        if (run is { } going)
        {
            if (CanGoOn(going, order))
            {
                log.Info("goes on with {0} as member {1} of {2}", order.Lease, order.Member, order.Members.Length);
                going.Regroup(order);
                outbox.Readdress(order);
                Resend();
            }
            else if (leaver is null)
            {
                next = order;
                going.Control.Abort();
            }

            return;
        }

        if (order.Member >= 0 && outbox.EndOf(order.Lease.Trial) is not null)
        {
            ended = order.Lease; // its run came to an end that the coordinator has not heard of yet
            outbox.Readdress(order);
            Resend();
        }
        else if (leaver is null)
        {
            outbox.Forget(order.Lease.Trial); // what an older run said is void
            Begin(order);
        }
    }

    private void Begin(TrialOrder order)
    {
        log.Info("runs {0} as member {1} of {2}", order.Lease, order.Member, order.Members.Length);
        meters.Forget();
        var self = Self;
        run = RunThread.Start(starter, clock, order, lease.ConfirmedAt, thread => new Voice(thread, self), finished => self.Tell(finished));
        SendHeartbeat(); // a run waits until its lease is sure, and the last answer may be old
    }

    private bool IsOld(TrialOrder order) =>
        order.Lease == ended || Covers(run?.Order.Lease, order) || Covers(next?.Lease, order);

    /// <summary>Whether a run can change over to the order with what it holds. A member that was put out of its gang holds what is of no use.</summary>
    private static bool CanGoOn(RunThread run, TrialOrder order) =>
        run.Order.Lease.Trial == order.Lease.Trial && !run.Control.Aborted.IsCancellationRequested
        && (order.Member == TrialOrder.Joiner ? run.Order.Member == TrialOrder.Joiner : run.HoldsState);

    /// <summary>Whether the order is of this lease, or an older one of its trial.</summary>
    private static bool Covers(Lease? lease, TrialOrder? order) =>
        lease is { } of && order is not null && of.Trial == order.Lease.Trial && of.Epoch >= order.Lease.Epoch;

    private void Stop(ToWorker.StopRun stop)
    {
        if (Covers(stop.Lease, next))
            next = null;
        if (!Covers(stop.Lease, run?.Order))
            return;
        if (stop.Drain)
            run!.Control.Drain(stop.Finish);
        else
            run!.Control.Abort();
    }

    private void Say(Voice.Said said)
    {
        if (said.Lossy)
            coordinator.Tell(said.Message);
        else
            SayDurably(said.Message);
    }

    private void SayDurably(ILeaseMessage message)
    {
        // The run may not have taken the newest order yet.
        if (message is FromWorker.JoinerReady && message.Lease.Trial == run?.Order.Lease.Trial)
            run.Joined();
        var current = run is { } going ? Outbox.Readdressed(message, going.Order) : message;
        if (current is null)
            return;
        outbox.Add(current);
        if (current is FromWorker.CheckpointStored checkpoint)
            meters.Stored(checkpoint.Manifest.Step, Now);
        if (outbox.Due.Contains(current))
            coordinator.Tell(current);
    }

    /// <summary>Says how the run ended, if that waited for the last acknowledgement.</summary>
    private void SayEnd()
    {
        if (outbox.Due.FirstOrDefault() is FromWorker.RunEnded end)
            coordinator.Tell(end);
    }

    private void Finish(RunThread.Finished finished)
    {
        if (finished.Run == run && stuck is not null)
            return; // given up, and this process ends; its control may be needed until then
        bool isVoid = finished.Run.Control.Aborted.IsCancellationRequested; // what it said before is forgotten; its end alone would say too much
        finished.Run.Control.Dispose();
        if (finished.Run != run)
            return; // of this actor before it was restarted, when it was aborted
        var order = run.Order;
        run = null;
        if (finished.Outcome is { } outcome && !isVoid)
        {
            ended = order.Lease; // one that was aborted may be asked again under the same lease, as a joiner
            log.Info("{0} ended: {1}", order.Lease, outcome);
            if (outcome is RunOutcome.Broken { Failure: var cause })
                meters.Broke(cause);
            var said = outcome is RunOutcome.Broken broken ? broken with { Message = Talk.Plain(broken.Message) } : outcome;
            SayDurably(new FromWorker.RunEnded(order.Lease, order.Member, said));
        }
        else
        {
            outbox.Forget(order.Lease); // aborted: the lease is gone
        }

        if (next is { } waiting)
        {
            next = null;
            Take(waiting);
        }

        LeaveIfDone();
    }

    private void BeginToLeave()
    {
        leaver = Sender;
        SayGoodbye();
        LeaveIfDone();
    }

    private void SayGoodbye() => coordinator.Tell(new FromWorker.Goodbye(settings.Worker, settings.Instance));

    private void LeaveIfDone()
    {
        if (leaver is not null && run is null && outbox.IsEmpty)
            leaver.Tell(Left.Instance);
    }

    private sealed record Tick : ILocal
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>The coordinator will not have this worker. Published on the event stream for the host to act on.</summary>
public sealed record WorkerRejected(string Reason);
