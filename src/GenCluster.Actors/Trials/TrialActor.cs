using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Metering;
using GenCluster.Actors.Persistence;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Shelves;
using GenCluster.Core.Decisions;
using GenCluster.Core.Gangs;
using GenCluster.Core.Identity;
using GenCluster.Core.Metrics;
using GenCluster.Core.Placement;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Trials;

/// <summary>
/// One trial: owns its gang, tells the members what to do and writes down what they say. Its parent is the sweep.
/// </summary>
internal sealed partial class TrialActor : EventSourcedActor<TrialState, ITrialCommand, ITrialEvent>
{
    private readonly TrialId trial;
    private readonly IActorRef coordinator;
    private readonly long epoch;
    private readonly TimeSpan leaseTime;
    private readonly IMetricSeries stale = CoordinatorMeters.Of(Context.System).Stale;

    private bool requested;
    private bool rested; // for as long as the last failure asked for
    private bool draining;

    public TrialActor(TrialId trial, IActorRef coordinator, long epoch, TimeSpan leaseTime)
        : base($"trial-{trial.Sweep}-{trial.Number}", TrialState.New(trial))
    {
        this.trial = trial;
        this.coordinator = coordinator;
        this.epoch = epoch;
        this.leaseTime = leaseTime;

        Command<Local.Begin>(Begin);
        Command<Local.Cancel>(m => Execute(new CancelTrial(m.Reason, Clock), _ => Conclude()));
        Command<Local.Stop>(Stop);
        Command<Local.Prune>(m => Execute(new PruneTrial(m.Step, m.Ruling, Clock), _ => Conclude()));
        Command<Local.ReportHeard>(Settle);
        Command<Local.Pin>(Pin);
        Command<Local.Release>(m => Execute(new ReleaseCheckpoint(m.Holder), _ => Sender.Tell(new Local.Released(m.Holder))));
        Command<Local.Retire>(_ => Context.Stop(Self));
        Command<Local.Forgive>(_ => Execute(new ForgiveStalls(), _ => Retry()));
        Command<Local.DrainTrial>(Drain);
        Command<Local.GangPlaced>(Place);
        Command<Local.GangGrown>(Invite);
        Command<Local.SpareWorkers>(Spare);
        Command<Local.Preempt>(Yield);
        Command<Local.GangAwaited>(Await);
        Command<Local.WorkerSeen>(See);
        Command<Local.WorkerLost>(Lose);
        Command<Local.MemberHolds>(Remind);
        Command<Local.MemberLeaves>(LetLeave);
        Command<IShelfRequest>(Reach);
        Command<ILeaseMessage>(IsStale, AnswerStale);
        Command<FromWorker.RunStarted>(m => Hear(m.Step));
        Command<FromWorker.RunProgressed>(m =>
        {
            progress = m.Progress;
            Hear(m.Progress.Step);
        });
        Command<FromWorker.RunPictured>(m => Context.Parent.Tell(new Local.TrialPictured(new(trial.Number, m.Step, m.Picture))));
        Command<FromWorker.RunWarned>(m => Notify(m.Message));
        Command<FromWorker.EvaluationReported>(Report);
        Command<FromWorker.CheckpointStored>(Commit);
        Command<FromWorker.GangBroke>(Break);
        Command<FromWorker.JoinerReady>(_ => Prepare());
        Command<FromWorker.MemberMeasured>(Measure);
        Command<FromWorker.RunEnded>(End);
        Command<LookAgain>(_ => Act());
        Command<RetryNow>(_ => Retry());
        Command<JoinerIsStuck>(BeginAgain);
    }

    /// <summary>Keeps the trial's blobs, where workers ask for that.</summary>
    private IActorRef Shelf => Context.Child("shelf") is var shelf && shelf.IsNobody() ? Context.ActorOf(ShelfActor.PropsFor(trial), "shelf") : shelf;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>Milliseconds since 1970, UTC.</summary>
    private long Clock => Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    private GangRequest Wish
    {
        get
        {
            var definition = Decided.Definition!;
            var resources = definition.Resources;
            int shards = definition.Training.Shards; // every member computes at least one
            return new GangRequest(trial, Math.Min(resources.MinWorkers, shards), Math.Min(definition.LargestGang, shards))
            {
                Priority = resources.Priority,
                Project = resources.Project,
                MinRuntime = TimeSpan.FromSeconds(resources.MinRuntimeSeconds),
                Device = resources.Device,
                Memory = resources.Memory,
                SharesDevice = resources.ShareDevice,
            };
        }
    }

    public static Props PropsFor(TrialId trial, IActorRef coordinator, long epoch, TimeSpan leaseTime) =>
        Props.Create(() => new TrialActor(trial, coordinator, epoch, leaseTime));

    protected override Decision<ITrialEvent> Decide(TrialState state, ITrialCommand command) => TrialDecider.Decide(state, command);

    protected override TrialState Apply(TrialState state, ITrialEvent @event) => TrialDecider.Apply(state, @event);

    protected override void Recovered()
    {
        if (State.Phase is TrialPhase.Running)
            Recover();
        else if (!State.IsStuck)
            Proceed(); // a stuck one waits to be forgiven, or to be begun
    }

    /// <summary>Goes on from wherever the state is.</summary>
    private void Proceed()
    {
        Show();
        if (State.HasEnded)
            Conclude();
        else if (State.IsStuck)
            Context.Parent.Tell(new Local.TrialIsStuck(trial.Number, State.LastMessage));
        else if (State is { Phase: TrialPhase.Pending, Definition: not null } && !draining && !requested)
            RequestInTime();
    }

    private void RequestInTime()
    {
        if (rested || State.Delay == TimeSpan.Zero)
            Request();
        else if (!Timers.IsTimerActive(RetryNow.Instance))
            Timers.StartSingleTimer(RetryNow.Instance, RetryNow.Instance, State.Delay);
    }

    private void Retry()
    {
        rested = true;
        Proceed();
    }

    /// <summary>Asks for a gang, once: a second wish that crosses its fulfilment would bring a second gang.</summary>
    private void Request()
    {
        (requested, awaited) = (true, null);
        coordinator.Tell(new Local.RequestGang(Wish));
    }

    private void Conclude()
    {
        Relieve();
        Show();
        if (State.Outcome is not { } outcome)
            return;
        coordinator.Tell(new Local.TrialIsOver(trial));
        Context.Parent.Tell(new Local.TrialHasEnded(trial.Number, outcome, State.Round));
    }

    private void Drain(Local.DrainTrial drain)
    {
        draining = true;
        if (State.Phase is TrialPhase.Running)
            DrainGang(drain.Reason);
    }

    private void Report(FromWorker.EvaluationReported message)
    {
        int at = message.Report.Step;
        if (!State.Definition!.IsEvaluatedAt(at))
        {
            Distrust($"reported an evaluation at step {at}, where trial {trial} has none");
            return;
        }

        Execute(new ReportMetrics(message.Lease.Epoch, message.Report, Clock), d =>
        {
            Sender.Tell(d.IsRefused ? new ToWorker.LeaseOver(message.Lease) : new ToWorker.ReportAccepted(message.Lease, at));
            Show();
            if (d.Events.Any(e => e is TrialConcluded))
                Conclude();
            else if (!d.Events.IsDefaultOrEmpty)
                TellReport(message.Report);
            Rest(d);
        });
    }

    private void Commit(FromWorker.CheckpointStored message)
    {
        int at = message.Manifest.Step;
        if (!State.Definition!.HasStep(at))
        {
            Distrust($"stored a checkpoint of step {at}; trial {trial} has {State.Definition.Training.Steps}");
            return;
        }

        Execute(new CommitCheckpoint(message.Lease.Epoch, message.Manifest, Clock), d =>
        {
            Sender.Tell(d.IsRefused ? new ToWorker.LeaseOver(message.Lease) : new ToWorker.CheckpointAccepted(message.Lease, at, [.. State.Live], State.CommittedStep));
            if (d.IsRefused || d.Events.IsEmpty)
                return;
            TellService();
            TellIndependence();
            Rest(d);
        });
    }

    /// <summary>Lets a worker at the trial's shelf, as far as nothing is lost by it.</summary>
    private void Reach(IShelfRequest request)
    {
        bool isStale = request is ToShelf.PutPiece put && put.Space < State.Fence;
        if (isStale)
            stale.Record();
        string? fault = request switch
        {
            ToShelf.Remove m when State.Live.Any(c => c.Blobs.Any(b => b.Space == m.Space && b.Sha256 == m.Sha256)) => $"the journal keeps blob {m.Sha256}",
            ToShelf.PutPiece m when isStale => $"the lease of space {m.Space} is over",
            _ => null,
        };
        if (fault is null)
            Shelf.Forward(request);
        else
            Sender.Tell(new FromShelf.Refused(fault, MayPass: false));
    }

    private void End(FromWorker.RunEnded message)
    {
        switch (message.Outcome)
        {
            case RunOutcome.Completed when State is { HasEnded: false, Phase: not TrialPhase.Running }:
                Sender.Tell(new ToWorker.LeaseOver(message.Lease)); // it came after its lease was taken away, and is not written
                break;
            case var _ when State.Phase is not TrialPhase.Running:
                Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease)); // said again: it is written
                break;
            case RunOutcome.Completed when message.Member == 0 && unjudged.Count > 0:
                completion = (message, Sender); // the sweep may yet say that it ended before
                break;
            case RunOutcome.Completed done when message.Member == 0:
                Execute(new CompleteTrial(message.Lease.Epoch, done.Steps, done.WeightsSha256, Clock), d =>
                {
                    Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease));
                    if (d.IsRefused || d.Events.IsEmpty)
                        return;
                    TellService();
                    Conclude();
                });
                break;
            case RunOutcome.Drained when message.Member == 0:
                EndNow(FailureClass.Preempted, drainReason, null, () => Sender.Tell(new ToWorker.OutcomeAccepted(message.Lease)));
                break;
            case RunOutcome.Broken broken:
                Fail(message, broken);
                break;
            default:
                Finish(message); // a follower is done; its leader speaks for it
                break;
        }
    }

    /// <summary>Takes the lease away from everybody: back to the checkpoint, or to the end.</summary>
    private void EndNow(FailureClass cause, string message, WorkerId? worker, Action? written) =>
        Execute(new EndLease(State.Epoch, cause, message, worker, roster?.Step ?? -1, hasOthers, Clock), d =>
        {
            written?.Invoke();
            if (d.IsRefused)
                return;
            Log.Info("trial {0} epoch {1} ended: {2}, {3}", trial, State.Epoch, cause, message);
            if (cause is not FailureClass.Preempted)
                Notify(message);
            GiveBack();
        });

    /// <summary>The lease is over: nobody works on the trial any more, and it goes on from what is written.</summary>
    private void GiveBack()
    {
        Relieve();
        rested = false;
        Proceed();
    }

    /// <summary>Tells the coordinator that the gang did something that is kept.</summary>
    private void TellService() => coordinator.Tell(new Local.MembersServed(trial, State.Gang));

    private sealed record RetryNow : ILocal
    {
        public static readonly RetryNow Instance = new();
    }

    private sealed record LookAgain : ILocal
    {
        public static readonly LookAgain Instance = new();
    }
}
