using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Sweeps;
using GenCluster.Core.Coordination;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;
using GenCluster.Search.Sweeps;

namespace GenCluster.Actors.Coordination;

/// <summary>
/// The one who rules: keeps the ledger of workers, places gangs, and passes on what sweeps, trials and workers say to
/// each other. It takes office by persisting a higher epoch, and does nothing before that is written.
/// </summary>
/// <remarks>
/// Workers are no members of the cluster and are never watched: a frozen one would be quarantined for good. They are
/// tracked by leases alone; a closed connection only shortens one.
/// </remarks>
public sealed partial class CoordinatorActor : EventSourcedActor<CoordinatorState, ICoordinatorEvent, ICoordinatorEvent>
{
    /// <summary>Of its journal.</summary>
    internal const string Id = "coordinator";

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly CoordinatorSettings settings;
    private readonly CoordinatorMeters meters = CoordinatorMeters.Of(Context.System);
    private readonly WorkerLedger ledger;
    private readonly Dictionary<WorkerId, IActorRef> refs = [];
    private readonly HashSet<WorkerId> claiming = []; // placed by nothing but their own word
    private readonly HashSet<WorkerId> leaving = []; // said goodbye, and have a trial to give back first
    private readonly HashSet<IActorRef> drainers = [];
    private readonly TimeSpan started;
    private readonly long? ruled;
    private readonly long refuted;

    private TimeSpan lastTick;
    private bool draining;
    private bool settled;

    /// <param name="ruled">The last epoch that this process had; null when it had none.</param>
    /// <param name="refuted">Up to here the journal knows of no epoch but its own, whatever workers have heard.</param>
    public CoordinatorActor(CoordinatorSettings settings, long? ruled, long refuted)
        : base(Id, CoordinatorState.New)
    {
        this.settings = settings;
        this.ruled = ruled;
        this.refuted = refuted;
        ledger = new WorkerLedger(settings.LeaseTime);
        settled = settings.ExpectedWorkers == 0;
        started = lastTick = Now;
        Command<TookOffice>(_ => TakeOffice());
        CommandAny(_ => Stash.Stash());
    }

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props PropsFor(CoordinatorSettings settings, long? ruled = null, long refuted = 0) =>
        Props.Create(() => new CoordinatorActor(settings, ruled, refuted));

    protected override Decision<ICoordinatorEvent> Decide(CoordinatorState state, ICoordinatorEvent command) => Decision<ICoordinatorEvent>.Accept(command);

    protected override CoordinatorState Apply(CoordinatorState state, ICoordinatorEvent @event) => state.Apply(@event);

    protected override void PostStop()
    {
        meters.Office.Ends();
        meters.Placement.Clear();
        base.PostStop();
    }

    protected override void Recovered()
    {
        if (State.Epoch > ruled && State.Holder != settings.Office)
            Context.Parent.Tell(new Superseded(State.Epoch, State.Holder));
        else
            Self.Tell(TookOffice.Instance);
    }

    private void TakeOffice() => Execute(new CoordinatorStarted(State.Epoch + 1, settings.Office), _ =>
    {
        Context.Parent.Tell(new InOffice(State.Epoch));
        meters.Office.Begins(State.Epoch, Self);
        Log.Info("coordinator epoch {0} begins, {1} sweeps known", State.Epoch, State.Sweeps.Count);
        Become(Ruling);
        foreach (string sweep in State.Sweeps)
            SweepOf(new SweepId(sweep));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TickInterval);
        Stash.UnstashAll();
    });

    private void Ruling()
    {
        Command<FromWorker.Hello>(Greet);
        Command<FromWorker.Heartbeat>(Renew);
        Command<FromWorker.Goodbye>(Leave);
        Command<ILeaseMessage>(Pass);
        Command<IShelfRequest>(Pass);
        Command<Local.RequestGang>(Request);
        Command<Local.HoldGang>(Hold);
        Command<Local.Sparing>(Spare);
        Command<Local.ReleaseGang>(Release);
        Command<Local.ReleaseMember>(Release);
        Command<Local.ClaimIsOver>(Release);
        Command<Local.MemberBlamed>(m => Suspect(m.Worker, LossHints.Blamed));
        Command<Local.MemberFailed>(m => CountFailure(m.Worker, m.Trial, m.Cause));
        Command<Local.MembersServed>(CountService);
        Command<Local.TrialIsOver>(m => breaker.Ended(m.Trial));
        Command<FromFace.Hail>(_ => Sender.Tell(new ToFace.Ruling(State.Epoch)));
        Command<FromFace.Submit>(Submit);
        Command<FromFace.Control>(m => Pass(m.Sweep, m, refusal => new ToFace.Controlled(refusal)));
        Command<FromFace.Edit>(Pass);
        Command<FromFace.Explain>(Explain);
        Command<Local.AskEvidence>(m =>
        {
            if (State.Knows(m.From))
                SweepOf(m.From).Forward(m);
            else
                Sender.Tell(new Local.EvidenceGiven(new EvidenceTaken([], []), null)); // of a release that did not ask when it was submitted
        });
        Command<Local.ToTrial>(m => SweepOf(m.Trial.Sweep).Forward(new SweepActor.ForTrial(m.Trial.Number, m.Message)));
        Command<Local.Watch>(m =>
        {
            if (State.Knows(m.Sweep))
                SweepOf(m.Sweep).Tell(m);
        });
        Command<FromFace.DrainAll>(_ => Drain());
        Command<Tick>(_ => OnTick());
        Command<PlaceNow>(_ => Place());
        Command<DisassociatedEvent>(Suspect);
    }

    private void Greet(FromWorker.Hello hello)
    {
        if (hello.Version != FromWorker.ProtocolVersion)
        {
            Sender.Tell(new ToWorker.Rejected(
                $"worker {hello.Worker} speaks protocol {hello.Version} and the coordinator {FromWorker.ProtocolVersion}; install the same release on both"));
            return;
        }

        if (IsPast(hello.Epoch))
            return;
        var known = ledger.Find(hello.Worker);
        bool repeated = known?.Instance == hello.Instance; // a hello sent again before the welcome arrived tells nothing new
        if (known is not null && !repeated)
            Lose(known, WorkerLoss.Restarted, $"{hello.Worker} was started again");
        Sender.Tell(new ToWorker.Welcome(State.Epoch));
        ledger.Attach(hello.Worker, hello.Instance, hello.Device, hello.Host, hello.Port, repeated ? null : Claim(hello), Now, hello.Shared);
        refs[hello.Worker] = Sender;
        if (!repeated)
        {
            foreach (var sweep in Context.GetChildren())
                sweep.Tell(new Local.WorkerSeen(new(hello.Worker, Sender, hello.Host, hello.Port), hello.Held));
        }

        PlaceSoon();
        ShowWorkers();
    }

    /// <summary>
    /// The trial that a new worker says it works on: its place for as long as nobody contradicts. Of a worker that is
    /// known the ledger knows better; its hello may be old.
    /// </summary>
    private TrialId? Claim(FromWorker.Hello hello)
    {
        if (hello.Held is not { } lease)
            return null;
        if (!State.Knows(lease.Trial.Sweep))
        {
            Sender.Tell(new ToWorker.LeaseOver(lease));
            return null;
        }

        claiming.Add(hello.Worker);
        return lease.Trial;
    }

    /// <summary>Whether a worker has heard of a later coordinator. Then the journal is asked who rules.</summary>
    private bool IsPast(long epoch)
    {
        if (epoch <= State.Epoch)
            return false;
        if (epoch <= refuted)
            Sender.Tell(new ToWorker.Rejected($"the journal knows of no epoch {epoch}: it is not the one that this worker has known; start the worker anew"));
        else
            Context.Parent.Tell(new InDoubt(epoch));
        return true;
    }

    private void Renew(FromWorker.Heartbeat beat)
    {
        if (IsPast(beat.Epoch))
            return;
        bool known = ledger.Renew(beat.Worker, beat.Instance, Now);
        Sender.Tell(new ToWorker.HeartbeatAck(State.Epoch, known, beat.Number));
        if (!known)
            return;
        var holds = new Local.MemberHolds(beat.Worker, Sender, beat.Held);
        var placed = ledger.Find(beat.Worker)!.Trial;
        if (placed is { } trial)
            ToTrial(trial, holds);
        if (beat.Held is not { } lease || lease.Trial == placed)
            return;
        if (State.Knows(lease.Trial.Sweep))
            ToTrial(lease.Trial, holds); // it has not heard that it was sent home
        else
            Sender.Tell(new ToWorker.LeaseOver(lease));
    }

    private void Leave(FromWorker.Goodbye goodbye)
    {
        if (ledger.Find(goodbye.Worker) is not { } slot || slot.Instance != goodbye.Instance)
            return;
        leaving.Add(goodbye.Worker);
        if (slot.Trial is { } trial)
            ToTrial(trial, new Local.MemberLeaves(goodbye.Worker, $"{goodbye.Worker} leaves")); // its lease still counts: it may die on the way
        AfterRelease();
    }

    private void Pass(ILeaseMessage message)
    {
        var trial = message.Lease.Trial;
        if (State.Knows(trial.Sweep))
            SweepOf(trial.Sweep).Forward(new SweepActor.ForTrial(trial.Number, message));
        else
            Sender.Tell(new ToWorker.LeaseOver(message.Lease));
    }

    private void Pass(IShelfRequest request)
    {
        if (State.Knows(request.Trial.Sweep))
            SweepOf(request.Trial.Sweep).Forward(new SweepActor.ForTrial(request.Trial.Number, request));
        else
            Sender.Tell(new FromShelf.Refused($"there is no sweep '{request.Trial.Sweep}'", MayPass: false));
    }

    private void Submit(FromFace.Submit submit)
    {
        var sweep = new SweepId(submit.Spec.Name);
        if (!ActorPath.IsValidPathElement(sweep.Value))
            Sender.Tell(new ToFace.Submitted(Talk.Plain($"a sweep cannot be named '{sweep}'; take letters, digits and hyphens"), Known: false));
        else if (State.Knows(sweep))
            SweepOf(sweep).Forward(submit);
        else if (settings.Projects.RefusalOf(submit.Spec.Resources.Project, submit.Spec.SmallestGang) is { } refusal)
            Sender.Tell(new ToFace.Submitted(Talk.Plain(refusal), Known: false));
        else if (submit.Spec.WarmStart is { } start && !State.Knows(new SweepId(start.Sweep)))
            Sender.Tell(new ToFace.Submitted(Talk.Plain($"warmStart names the sweep '{start.Sweep}', and there is none; name one that ran here"), Known: false));
        else
            Execute(new SweepRegistered(sweep), _ => SweepOf(sweep).Forward(submit));
    }

    private void Pass(FromFace.Edit edit)
    {
        if (settings.Projects.RefusalOf(edit.Spec.Resources.Project, edit.Spec.SmallestGang) is { } refusal)
            Sender.Tell(new ToFace.Edited(Talk.Plain(refusal), Version: 0));
        else
            Pass(edit.Sweep, edit, unknown => new ToFace.Edited(unknown, Version: 0));
    }

    private void Pass(SweepId sweep, IWire message, Func<string, IWire> refuse)
    {
        if (State.Knows(sweep))
            SweepOf(sweep).Forward(message);
        else
            Sender.Tell(refuse(Talk.Plain($"there is no sweep '{sweep}'")));
    }

    private void Drain()
    {
        draining = true;
        drainers.Add(Sender);
        waiting.Clear();
        foreach (var sweep in Context.GetChildren())
            sweep.Tell(new Local.DrainTrial("the coordinator is stopping"));
        TellIfDrained();
    }

    private void TellIfDrained()
    {
        bool mayHaveMissed = ruled is not null && Now - started < settings.LeaseTime; // begun again, and workers are still on their way back
        if (mayHaveMissed || ledger.Slots.Any(s => s.Trial is not null))
            return;
        foreach (var drainer in drainers)
            drainer.Tell(ToFace.Drained.Instance);
        drainers.Clear();
    }

    private void OnTick()
    {
        // A coordinator that was frozen must not blame the workers for its own silence.
        if (Now - lastTick > TickInterval + TimeSpan.FromSeconds(1))
            ledger.RenewAll(Now);
        lastTick = Now;
        Expire();
        Place();
        meters.Placement.Show(ledger.Slots, leaving.Contains, worker => !MayWork(worker));
    }

    private void Expire()
    {
        foreach (var lost in ledger.Expire(Now))
        {
            Lose(lost, HowLost(lost.Hints), lost.Hints.HasFlag(LossHints.Disconnected)
                ? $"{lost.Worker} was lost (its connection closed)"
                : $"{lost.Worker} was lost (not heard of for {(lost.Hints is LossHints.None ? settings.LeaseTime : settings.LeaseTime / 2).TotalSeconds:0.#} s)");
        }
    }

    private static WorkerLoss HowLost(LossHints hints) =>
        hints.HasFlag(LossHints.Disconnected) ? WorkerLoss.Disconnected : hints is LossHints.None ? WorkerLoss.Silent : WorkerLoss.Blamed;

    private void Suspect(DisassociatedEvent @event)
    {
        foreach (var (worker, reference) in refs)
        {
            if (reference.Path.Address.Equals(@event.RemoteAddress))
                ledger.Suspect(worker, LossHints.Disconnected, Now);
        }

        Expire();
    }

    private void Suspect(WorkerId worker, LossHints hint)
    {
        ledger.Suspect(worker, hint, Now);
        Expire();
    }

    private void Lose(WorkerSlot slot, WorkerLoss how, string reason)
    {
        Log.Warning("{0}", reason);
        var cause = leaving.Contains(slot.Worker) ? FailureClass.Preempted : FailureClass.Lost;
        meters.Placement.Lost(cause is FailureClass.Preempted ? WorkerLoss.Preempted : how);
        Forget(slot.Worker);
        if (slot.Trial is { } trial)
        {
            CountFailure(slot.Worker, trial, cause);
            breaker.Relieved(slot.Worker, trial, Now);
            ToTrial(trial, new Local.WorkerLost(slot.Worker, cause, reason));
        }

        ShowWorkers();
        TellIfDrained();
    }

    private void Forget(WorkerId worker)
    {
        ledger.Remove(worker);
        refs.Remove(worker);
        claiming.Remove(worker);
        leaving.Remove(worker);
        unfit.RemoveWhere(u => u.Worker == worker); // when it comes back, it comes as a new one
    }

    private void ShowWorkers()
    {
        var views = ledger.Slots.Select(s => new WorkerView(s.Worker, true, s.Device, s.Trial) { SetAside = breaker.Of(s.Worker, Now) }).ToArray();
        foreach (var sweep in Context.GetChildren())
            sweep.Tell(new Local.WorkersChanged(views));
    }

    private void ToTrial(TrialId trial, object message) => SweepOf(trial.Sweep).Tell(new SweepActor.ForTrial(trial.Number, message));

    private IActorRef SweepOf(SweepId sweep)
    {
        var child = Context.Child(sweep.Value);
        return child.IsNobody()
            ? Context.ActorOf(SweepActor.PropsFor(sweep, Self, State.Epoch, settings.LeaseTime, settings.Algorithms), sweep.Value)
            : child;
    }

    /// <summary>To the parent: the epoch has begun.</summary>
    internal sealed record InOffice(long Epoch) : ILocal;

    /// <summary>To the parent: somebody else may rule.</summary>
    internal sealed record InDoubt(long Epoch) : ILocal;

    /// <summary>To the parent: somebody else does, by the journal's word.</summary>
    internal sealed record Superseded(long Epoch, string Holder) : ILocal;

    private sealed record TookOffice : ILocal
    {
        public static readonly TookOffice Instance = new();
    }

    private sealed record Tick : ILocal
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>How a coordinator treats its workers.</summary>
/// <param name="ExpectedWorkers">Placement waits for this many, at most <paramref name="SettleTime"/> after start.</param>
/// <param name="LeaseTime">A worker that is silent for this long has lost its lease.</param>
/// <param name="Office">Names this start of this process, for the journal and for people; of each process another.</param>
public sealed record CoordinatorSettings(int ExpectedWorkers, TimeSpan SettleTime, TimeSpan LeaseTime, string Office = "")
{
    /// <summary>Quotas and weights of projects.</summary>
    public ProjectRules Projects { get; init; } = ProjectRules.None;

    /// <summary>What sweeps may search with.</summary>
    public Algorithms Algorithms { get; init; } = Algorithms.Known;
}
