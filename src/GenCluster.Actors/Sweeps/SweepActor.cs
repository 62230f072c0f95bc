using Akka.Actor;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Search.Sweeps;

namespace GenCluster.Actors.Sweeps;

/// <summary>
/// One sweep: asks the algorithms what to do, keeps a trial actor for each trial that lives, and shows it all. Whatever
/// happened is an event first; what follows from the state is then done until nothing does.
/// </summary>
internal sealed partial class SweepActor : EventSourcedActor<SweepState, ISweepCommand, ISweepEvent>
{
    private static readonly TimeSpan BudgetInterval = TimeSpan.FromSeconds(5);

    private readonly SweepId sweep;
    private readonly IActorRef coordinator;
    private readonly long epoch;
    private readonly TimeSpan leaseTime;
    private readonly SweepSearch search;
    private readonly SweepMeters meters = CoordinatorMeters.Of(Context.System).Sweeps;

    private bool draining;

    public SweepActor(SweepId sweep, IActorRef coordinator, long epoch, TimeSpan leaseTime, Algorithms algorithms)
        : base($"sweep-{sweep}", SweepState.New(sweep))
    {
        this.sweep = sweep;
        this.coordinator = coordinator;
        this.epoch = epoch;
        this.leaseTime = leaseTime;
        search = new SweepSearch(algorithms);

        Command<FromFace.Submit>(Submit);
        Command<FromFace.Control>(Control);
        Command<FromFace.Edit>(Edit);
        Command<Local.TrialReports>(Hear);
        Command<Local.TrialWaits>(m => Execute(new RecordArrival(m.Number, m.Step), Follow));
        Command<Local.TrialHasEnded>(m => Execute(new RecordOutcome(m.Number, m.Outcome, m.Round), d => AfterTrial(m.Number, d)));
        Command<Local.TrialIsStuck>(m => Execute(new HaltSweep($"trial {m.Number}: {m.Reason}"), _ => PublishNow()));
        Command<Terminated>(AfterStop);
        Command<CloseTrial>(m => Close(m.Number));
        Command<LookAtBudget>(_ => Execute(new CheckBudget(Clock, DeviceSeconds(Clock)), Follow));
        Command<Local.Pinned>(Inherit);
        Command<Local.OriginIsDone>(m => Wean(m.Number));
        Command<Local.Released>(m => Forget(m.Holder));
        Command<Local.AskEvidence>(Tell);
        Command<Local.EvidenceGiven>(Take);
        Command<Local.DrainTrial>(m =>
        {
            draining = true;
            foreach (var trial in Context.GetChildren())
                trial.Tell(m);
        });
        Command<Local.WorkerSeen>(See);
        Command<ForTrial>(Pass);
        CommandViews();
    }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    private long Clock => Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    public static Props PropsFor(SweepId sweep, IActorRef coordinator, long epoch, TimeSpan leaseTime, Algorithms algorithms) =>
        Props.Create(() => new SweepActor(sweep, coordinator, epoch, leaseTime, algorithms));

    /// <summary>A message for one of the sweep's trials.</summary>
    internal sealed record ForTrial(int Number, object Message) : ILocal;

    protected override Decision<ISweepEvent> Decide(SweepState state, ISweepCommand command) => SweepDecider.Decide(state, command);

    protected override SweepState Apply(SweepState state, ISweepEvent @event) => SweepDecider.Apply(state, @event);

    protected override void Recovered()
    {
        if (State.Exists)
            WatchBudget();
        foreach (var heir in State.Trials.Values.Where(t => t is { HoldsParent: true, IsLive: false }))
            Wean(heir.Number); // the process may have ended before it was told
        Advance();
    }

    private void Submit(FromFace.Submit submit)
    {
        bool known = State.Exists;
        Execute(new SubmitSweep(submit.Spec, Clock), decision =>
        {
            Sender.Tell(new ToFace.Submitted(decision.Refusal is { } refusal ? Talk.Plain(refusal.Reason) : null, known));
            if (decision.IsRefused)
                return;
            Forgive(decision);
            WatchBudget();
            Advance();
        });
    }

    private void Control(FromFace.Control control) => Execute(new ControlSweep(control.Verb, control.Trial, control.By), decision =>
    {
        Sender.Tell(new ToFace.Controlled(decision.Refusal is { } refusal ? Talk.Plain(refusal.Reason) : null));
        Forgive(decision);
        if (State.Exists)
            WatchBudget(); // a sweep that had ended may go on
        if (!decision.IsRefused && control.Trial is { } number && Lives(number) && !Context.Child(NameOf(number)).IsNobody())
            Direct(State.Trials[number]); // also when the sweep is halted, where one may be at work; none is begun there
        Follow(decision);
    });

    private void Edit(FromFace.Edit edit) => Execute(new EditSweep(edit.Version, edit.Spec, edit.By), decision =>
    {
        Sender.Tell(new ToFace.Edited(decision.Refusal is { } refusal ? Talk.Plain(refusal.Reason) : null, State.Version));
        if (State.Exists)
            WatchBudget();
        Follow(decision);
    });

    /// <summary>What halted the sweep is put right; its trials try again before they are told to, or they would halt it again.</summary>
    private void Forgive(Decision<ISweepEvent> decision)
    {
        if (decision.IsRefused || !decision.Events.Any(e => e is SweepResumed))
            return;
        told.Clear();
        foreach (var trial in State.Live)
            ActorOf(trial.Number).Tell(new Local.Forgive());
    }

    /// <summary>The trial must hear of a ruling before it hears that its report was heard.</summary>
    private void Hear(Local.TrialReports message) => Execute(Timed(() => search.Hear(State, message.Number, message.Report)), decision =>
    {
        if (Lives(message.Number))
            Direct(State.Trials[message.Number]);
        Sender.Tell(new Local.ReportHeard(message.Report.Step));
        Follow(decision);
    });

    private void Follow(Decision<ISweepEvent> decision)
    {
        if (!decision.Events.IsDefaultOrEmpty)
            Advance();
    }

    /// <summary>Does what the state and the algorithms call for, until nothing does.</summary>
    private void Advance()
    {
        if (!State.Exists)
            return;
        if (!draining && Timed(() => search.Next(State)) is { } command)
            Execute(command, decision => Finish(isDone: decision.Events.IsEmpty));
        else
            Finish(isDone: true);
    }

    private void Finish(bool isDone)
    {
        if (!isDone)
        {
            Advance();
            return;
        }

        DirectAll();
        AskForEvidence();
        Measure();
        if (State.HasEnded)
            PublishNow();
        else
            PublishSoon();
    }

    private void WatchBudget()
    {
        var budget = State.Spec!.Budget;
        if (State.HasEnded)
            return;
        if (budget.DeviceHours > 0)
            Timers.StartPeriodicTimer("device hours", LookAtBudget.Instance, BudgetInterval);
        if (budget.WallClockSeconds > 0 && State.SubmittedAt > 0)
            Timers.StartSingleTimer("wall clock", LookAtBudget.Instance, TimeSpan.FromMilliseconds(Math.Max(1, State.SubmittedAt + (budget.WallClockSeconds * 1000) - Clock)));
    }

    /// <summary>Used by all trials so far, those at work included.</summary>
    private double DeviceSeconds(long now) =>
        State.Trials.Values.Sum(t => t.Outcome?.DeviceSeconds ?? 0)
        + State.Live.Select(t => views.GetValueOrDefault(t.Number)).Sum(v => v is null ? 0 : v.DeviceSeconds + RunningSeconds(v, now));

    private static double RunningSeconds(TrialView view, long now) =>
        view.DeviceSecondsAt > 0 && now > view.DeviceSecondsAt ? (now - view.DeviceSecondsAt) / 1000.0 * view.Gang.Count : 0;

    private sealed record LookAtBudget : ILocal
    {
        public static readonly LookAtBudget Instance = new();
    }
}
