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
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Core.Workers;

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
    private readonly Greetings greetings;
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
        greetings = new Greetings(settings.LeaseTime);
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
        greetings.Expire(Now);
        Place();
        meters.Placement.Show(ledger.Slots, leaving.Contains, worker => !MayWork(worker));
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
