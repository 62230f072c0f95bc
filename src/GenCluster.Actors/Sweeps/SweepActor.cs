using System.Collections.Immutable;
using Akka.Actor;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Trials;
using GenCluster.Core.Decisions;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search;
using GenCluster.Search.Planning;

namespace GenCluster.Actors.Sweeps;

/// <summary>One sweep: asks the search for configurations, keeps a trial actor for each that lives, and shows it all.</summary>
internal sealed class SweepActor : EventSourcedActor<SweepState, ISweepCommand, ISweepEvent>
{
    private const int KeptNotices = 100;
    private static readonly TimeSpan ViewInterval = TimeSpan.FromMilliseconds(100);

    private readonly SweepId sweep;
    private readonly IActorRef coordinator;
    private readonly long epoch;
    private readonly TimeSpan leaseTime;
    private readonly HashSet<IActorRef> watchers = [];
    private readonly SortedDictionary<int, TrialView> views = [];

    private ImmutableQueue<string> notices = [];
    private IReadOnlyList<WorkerView> workers = [];
    private LabelledPicture? picture;
    private bool draining;

    public SweepActor(SweepId sweep, IActorRef coordinator, long epoch, TimeSpan leaseTime)
        : base($"sweep-{sweep}", SweepState.New(sweep))
    {
        this.sweep = sweep;
        this.coordinator = coordinator;
        this.epoch = epoch;
        this.leaseTime = leaseTime;

        Command<FromFace.Submit>(Submit);
        Command<FromFace.Control>(m => Execute(
            new ControlSweep(m.Verb, m.Trial, m.By), d => Sender.Tell(new ToFace.Controlled(d.Refusal is { } refusal ? Talk.Plain(refusal.Reason) : null))));
        Command<FromFace.Edit>(m => Execute(
            new EditSweep(m.Version, m.Spec, m.By),
            d => Sender.Tell(new ToFace.Edited(d.Refusal is { } refusal ? Talk.Plain(refusal.Reason) : null, Version: 1))));
        Command<Local.Watch>(m =>
        {
            if (!watchers.Add(m.Watcher))
                return; // it says so again and again
            Context.Watch(m.Watcher);
            Publish();
        });
        Command<Terminated>(m => watchers.Remove(m.ActorRef));
        Command<Local.TrialHasEnded>(m => Execute(new RecordOutcome(m.Number, m.Outcome), d => AfterTrial(m.Number, isNew: !d.Events.IsEmpty)));
        Command<Local.TrialIsStuck>(m => Execute(new HaltSweep($"trial {m.Number}: {m.Reason}"), _ => Publish()));
        Command<Local.TrialChanged>(m => Show(() => views[m.View.Number] = m.View));
        Command<Local.TrialPictured>(m => Show(() => picture = m.Picture));
        Command<Local.WorkersChanged>(m => Show(() => workers = m.Workers));
        Command<Local.Notice>(m => Show(() => AddNotice(m.Message)));
        Command<Local.DrainTrial>(m =>
        {
            draining = true;
            foreach (var trial in Context.GetChildren())
                trial.Tell(m);
        });
        Command<Local.WorkerSeen>(See);
        Command<ForTrial>(Pass);
        Command<PublishNow>(_ => Publish());
    }

    public static Props PropsFor(SweepId sweep, IActorRef coordinator, long epoch, TimeSpan leaseTime) =>
        Props.Create(() => new SweepActor(sweep, coordinator, epoch, leaseTime));

    /// <summary>A message for one of the sweep's trials.</summary>
    internal sealed record ForTrial(int Number, object Message) : ILocal;

    protected override Decision<ISweepEvent> Decide(SweepState state, ISweepCommand command) => SweepDecider.Decide(state, command);

    protected override SweepState Apply(SweepState state, ISweepEvent @event) => SweepDecider.Apply(state, @event);

    protected override void Recovered()
    {
        if (State.HasEnded)
            CancelLiving();
        Advance();
    }

    private void Submit(FromFace.Submit submit)
    {
        bool known = State.Exists;
        Execute(new SubmitSweep(submit.Spec), decision =>
        {
            Sender.Tell(new ToFace.Submitted(decision.Refusal is { } refusal ? Talk.Plain(refusal.Reason) : null, known));
            if (decision.IsRefused)
                return;
            if (decision.Events.OfType<SweepResumed>().Any())
            {
                foreach (var trial in State.Live)
                    ActorOf(trial.Number).Tell(new Local.Forgive()); // before it begins, or it would halt the sweep again
            }

            Advance();
        });
    }

    /// <summary>Asks for as many configurations as may run now, and sees that every living trial has its actor.</summary>
    private void Advance()
    {
        if (!State.Exists || draining)
            return;
        int wanted = SweepDecider.Wanted(State);
        if (wanted == 0)
        {
            BeginTrials();
            return;
        }

        var spec = State.Spec!;
        var history = new SearchHistory(spec.Parameters, spec.Objective, [.. State.Trials.Values]);
        var proposals = Samplers.Find(spec.Search.Algorithm)!.Propose(history, wanted, spec.Random());
        Execute(new TakeProposals(proposals), _ => BeginTrials());
    }

    private void BeginTrials()
    {
        if (State.Phase is SweepPhase.Running)
        {
            foreach (var trial in State.Live)
                ActorOf(trial.Number).Tell(new Local.Begin(Definition(trial)));
        }

        Publish();
    }

    private void AfterTrial(int number, bool isNew)
    {
        Context.Stop(Context.Child(NameOf(number)));
        if (!isNew)
            return;
        if (State.HasEnded)
            CancelLiving();
        Advance();
    }

    private void CancelLiving()
    {
        foreach (var trial in State.Live)
        {
            var actor = ActorOf(trial.Number);
            actor.Tell(new Local.Begin(Definition(trial))); // none ends that never began
            actor.Tell(new Local.Cancel("the sweep has ended"));
        }
    }

    private void Pass(ForTrial message)
    {
        if (Lives(message.Number))
            Context.Child(NameOf(message.Number)).Forward(message.Message); // nobody, when its journal failed: then nothing is over either
        else if (message.Message is ILeaseMessage about)
            Sender.Tell(HasEnded(message.Number) && about is FromWorker.RunEnded ? new ToWorker.OutcomeAccepted(about.Lease) : new ToWorker.LeaseOver(about.Lease));
        else if (message.Message is IShelfRequest)
            Sender.Tell(new FromShelf.Refused($"trial {message.Number} of sweep '{sweep}' has ended", MayPass: false));
        else if (message.Message is Local.MemberHolds { Held: { } held } holds && held.Trial == new TrialId(sweep, message.Number))
            holds.Ref.Tell(new ToWorker.LeaseOver(held));
    }

    /// <summary>Passes on that a worker is there. What it says of a trial that has ended is answered here.</summary>
    private void See(Local.WorkerSeen seen)
    {
        foreach (var trial in Context.GetChildren())
            trial.Tell(seen);
        if (seen.Held is { } held && held.Trial.Sweep == sweep && !Lives(held.Trial.Number))
        {
            seen.Worker.Ref.Tell(new ToWorker.LeaseOver(held));
            coordinator.Tell(new Local.ClaimIsOver(held.Trial, seen.Worker.Worker));
        }
    }

    private bool Lives(int number) => State.Trials.TryGetValue(number, out var trial) && trial.Outcome is null;

    private bool HasEnded(int number) => State.Trials.TryGetValue(number, out var trial) && trial.Outcome is not null;

    private IActorRef ActorOf(int number)
    {
        var child = Context.Child(NameOf(number));
        return child.IsNobody()
            ? Context.ActorOf(TrialActor.PropsFor(new TrialId(sweep, number), coordinator, epoch, leaseTime), NameOf(number))
            : child;
    }

    private TrialDefinition Definition(TrialRecord trial) => TrialDefinition.Of(State.Spec!, new TrialId(sweep, trial.Number), trial.Assignment);

    private void AddNotice(string message)
    {
        notices = notices.Enqueue(message);
        if (notices.Count() > KeptNotices)
            notices = notices.Dequeue();
    }

    /// <summary>Changes what is shown, and shows it soon; many changes in a row are shown once.</summary>
    private void Show(Action change)
    {
        change();
        if (watchers.Count > 0 && !Timers.IsTimerActive(PublishNow.Instance))
            Timers.StartSingleTimer(PublishNow.Instance, PublishNow.Instance, ViewInterval);
    }

    private void Publish()
    {
        if (!State.Exists || watchers.Count == 0)
            return;
        var view = new SweepView(
            State.Spec!, State.Phase, State.HaltReason, [.. State.Trials.Values.Select(ViewOf)], workers, picture, [.. notices]);
        foreach (var watcher in watchers)
            watcher.Tell(view);
    }

    /// <summary>What its actor showed last, with the searched values alone; the sweep's own record where there is none.</summary>
    private TrialView ViewOf(TrialRecord trial)
    {
        var outcome = trial.Outcome;
        var shown = views.GetValueOrDefault(trial.Number)
            ?? new TrialView(trial.Number, TrialPhase.Pending, Assignment.Empty, 0, State.Spec!.Training.Steps, 0, null, null, [], [], 0, "", "");
        return outcome is null
            ? shown with { Assignment = trial.Assignment }
            : shown with
            {
                Assignment = trial.Assignment,
                Phase = outcome.Phase,
                Step = outcome.Steps,
                StepsPerSecond = 0,
                Objective = outcome.Objective,
                Untrained = outcome.Untrained,
                Gang = [],
                WeightsSha256 = outcome.WeightsSha256,
                Message = outcome.Message,
            };
    }

    private static string NameOf(int number) => $"trial-{number}";

    private sealed record PublishNow : ILocal
    {
        public static readonly PublishNow Instance = new();
    }
}
